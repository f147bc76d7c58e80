import {assetPlugins} from '@holdfast/service-worker/recipes/worker.js';
import {handleVersionMessages} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {ExpirationPlugin} from 'workbox-expiration';
import {precacheAndRoute} from 'workbox-precaching';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';

self.skipWaiting();
clientsClaim();
handleVersionMessages();
precacheAndRoute(self.__WB_MANIFEST);

registerRoute(
  /^https:\/\/huggingface\.co\/buckets\//,
  new CacheFirst({
    cacheName: 'models',
    plugins: assetPlugins({
      stableKey: {},
      quotaGuard: {},
      versionScope: {
        prefix: 'models',
        pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//,
        plugins: [new ExpirationPlugin({maxEntries: 3})],
      },
    }),
  }),
);
