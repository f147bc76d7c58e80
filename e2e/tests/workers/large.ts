/** The worker of the tests of large files, which are small here: so are the pieces. */
import {ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {handleVersionMessages, VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();
handleVersionMessages();

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
