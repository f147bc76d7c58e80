import {BudgetPlugin, QuotaGuardPlugin} from '@holdfast/service-worker';
import {clientsClaim} from 'workbox-core';
import {ExpirationPlugin} from 'workbox-expiration';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';

declare const self: ServiceWorkerGlobalScope;

/** The bench writes into the worker's URL whose worker it is, and how many files may be stored. */
const params = new URL(self.location.href).searchParams;
const peer = params.get('peer') ?? '';
const maxEntries = Number(params.get('maxEntries'));

void self.skipWaiting();
clientsClaim();
registerRoute(
  ({url}) => url.pathname.startsWith('/small/'),
  new CacheFirst({
    cacheName: peer,
    plugins:
      peer === 'holdfast'
        ? [new QuotaGuardPlugin(), new BudgetPlugin({maxEntries})]
        : [new ExpirationPlugin({maxEntries})],
  }),
);
