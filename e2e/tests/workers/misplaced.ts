/** A worker whose plugins are in the wrong order. */
import {listing, registerAssets} from '@holdfast/service-worker';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();
registerAssets([], {features: [listing()]});

registerRoute(
  ({sameOrigin}) => !sameOrigin,
  new CacheFirst({
    plugins: [
      new VersionScopePlugin({
        prefix: 'assets',
        pattern: /\/(?:resolve|xet-bridge-us)\/(?:(?<version>[^/]+)\/)/,
      }),
      new QuotaGuardPlugin(),
      new StableKeyPlugin(),
    ],
  }),
);
