/** A worker whose plugins stand in the wrong order. */
import {QuotaGuardPlugin} from '@holdfast/quota-guard';
import {StableKeyPlugin} from '@holdfast/stable-key';
import {handleVersionMessages, VersionScopePlugin} from '@holdfast/version-scope';
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
