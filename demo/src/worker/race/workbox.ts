// The worker of plain Workbox in the race: a route that caches heavy files, as its guides show it.

import {clientsClaim} from 'workbox-core';
import {ExpirationPlugin} from 'workbox-expiration';
import {precacheAndRoute} from 'workbox-precaching';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import {readOrigins} from '../../readOrigins.ts';
import {precachedPage} from './precachedPage.ts';

declare const self: ServiceWorkerGlobalScope;

importScripts('/origins.js');
const {hub} = readOrigins();

precacheAndRoute(...precachedPage());
registerRoute(
  ({url}) => url.href.startsWith(`${hub}/buckets/race/workbox/`),
  new CacheFirst({
    cacheName: 'race-workbox',
    plugins: [new ExpirationPlugin({maxEntries: 50, maxAgeSeconds: 30 * 24 * 60 * 60})],
  }),
);
void self.skipWaiting();
clientsClaim();
