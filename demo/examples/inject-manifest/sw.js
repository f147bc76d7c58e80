import {assetPlugins, registerAssets} from '@holdfast/service-worker';
import {clientsClaim} from 'workbox-core';
import {ExpirationPlugin} from 'workbox-expiration';
import {precacheAndRoute} from 'workbox-precaching';
import {CacheFirst} from 'workbox-strategies';

self.skipWaiting();
clientsClaim();
precacheAndRoute(self.__WB_MANIFEST);

registerAssets([
  {
    urlPattern: /^https:\/\/huggingface\.co\/buckets\//,
    handler: new CacheFirst({
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
  },
]);
