/** The worker of the tests of `explain()`. */
import {downloads, inspection, registerAssets, staging} from '@holdfast/service-worker';
import {ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {IntegrityPlugin} from '@holdfast/service-worker/integrity';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

/** The SHA-256 of the text `listed`. */
const LISTED = '56547a7cc8bbf46bb4aa2f18a097fee842ce6e94ca4c7f5cda6df35c4f5825c9';

void self.skipWaiting();
clientsClaim();

const scope = () =>
  new VersionScopePlugin({prefix: 'scoped', pattern: /\/scoped\/(?:(?<version>v\d+)\/)?[^/]+$/});

registerRoute(
  ({url}) => url.pathname.startsWith('/function/'),
  ({request}) => fetch(request),
);
registerRoute(({url}) => url.pathname.startsWith('/workbox/'), new CacheFirst({cacheName: 'workbox'}));
registerRoute(
  ({url}) => url.pathname.startsWith('/guarded/') || url.hostname.startsWith('assets.no-cors'),
  new CacheFirst({
    cacheName: 'guarded',
    plugins: [
      new StableKeyPlugin(),
      new QuotaGuardPlugin(),
      new IntegrityPlugin({
        assets: [{url: `${self.origin}/guarded/listed.bin`, digest: {algorithm: 'sha256', hex: LISTED}}],
      }),
    ],
  }),
);
registerRoute(
  ({url}) => url.pathname.startsWith('/scoped/'),
  new CacheFirst({plugins: [new StableKeyPlugin(), new QuotaGuardPlugin(), scope()]}),
);
registerRoute(
  ({url}) => url.pathname.startsWith('/resumable/'),
  new ResumableCacheFirst({cacheName: 'resumable', minBytes: 100_000, pieceBytes: 65_536}),
);
registerRoute(
  /\/guarded\/|\/inside\//,
  new CacheFirst({cacheName: 'inside', plugins: [new QuotaGuardPlugin()]}),
);
registerRoute(
  ({request, url}) => request.destination === 'image' && url.pathname.startsWith('/pictures/'),
  new CacheFirst({cacheName: 'pictures', plugins: [new QuotaGuardPlugin()]}),
);

registerRoute(
  ({request, url}) => request.mode === 'navigate' && url.pathname.startsWith('/pages/'),
  new CacheFirst({cacheName: 'pages', plugins: [new QuotaGuardPlugin({html: true})]}),
);

registerAssets([], {features: [staging(), downloads(), inspection()]});
