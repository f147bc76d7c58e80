/** The worker of the tests of large files. They are small here, and so are the pieces. */
import {listing, registerAssets} from '@holdfast/service-worker';
import {ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();
registerAssets([], {features: [listing()]});

const sizes = {minBytes: 500_000, pieceBytes: 65_536};

registerRoute(
  ({url}) => url.hostname === 'huggingface.co',
  new ResumableCacheFirst({
    ...sizes,
    plugins: [
      new StableKeyPlugin(),
      new QuotaGuardPlugin(),
      new VersionScopePlugin({
        prefix: 'models',
        pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>v[^/]+)\//,
      }),
    ],
  }),
);
registerRoute(
  ({url}) => url.pathname.startsWith('/plain/'),
  new ResumableCacheFirst({...sizes, cacheName: 'plain'}),
);
