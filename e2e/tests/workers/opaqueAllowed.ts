/** A worker that lets two opaque responses into a versioned cache, and is wrong about a host. */
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {handleVersionMessages, VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();
handleVersionMessages();

registerRoute(
  ({url}) => url.hostname === 'assets.no-cors.test',
  new CacheFirst({
    plugins: [
      new QuotaGuardPlugin({corsHosts: ['assets.no-cors.test'], opaque: {maxEntries: 2}}),
      new VersionScopePlugin({prefix: 'opaque', pattern: /\/opaque\/(?<version>never)?/}),
    ],
  }),
);
