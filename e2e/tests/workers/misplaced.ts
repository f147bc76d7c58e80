/** A worker whose plugins stand in the wrong order. */
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {handleVersionMessages, VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();
handleVersionMessages();

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
