/** A worker that allows two opaque responses in a versioned cache, and lists a host without CORS in `corsHosts`. */
import {listing, registerAssets} from '@holdfast/service-worker';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();
registerAssets([], {features: [listing()]});

registerRoute(
  ({url}) => url.hostname === 'assets.no-cors.test',
  new CacheFirst({
    plugins: [
      new QuotaGuardPlugin({corsHosts: ['assets.no-cors.test'], opaque: {maxEntries: 2}}),
      new VersionScopePlugin({prefix: 'opaque', pattern: /\/opaque\/(?<version>never)?/}),
    ],
  }),
);
