import {clientsClaim} from 'workbox-core';
import type {RouteHandlerObject} from 'workbox-core/types.js';
import {registerRoute} from 'workbox-routing';

declare const self: ServiceWorkerGlobalScope;

/** Answers requests to other origins with a handler, from the first page on. */
export const serve = (handler: RouteHandlerObject): void => {
  void self.skipWaiting();
  clientsClaim();
  registerRoute(({sameOrigin}) => !sameOrigin, handler);
};
