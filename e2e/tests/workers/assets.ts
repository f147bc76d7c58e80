/** The worker of the tests of what is not the asset, of derived requests, and of URLs that code needs. */
import {listing, registerAssets, staging} from '@holdfast/service-worker';
import {downloads, ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();
registerAssets([], {features: [listing(), downloads(), staging()]});

const scope = (prefix: string) =>
  new VersionScopePlugin({prefix, pattern: new RegExp(`/${prefix}/(?<version>v\\d+)/`)});

const route = (name: string, strategy: CacheFirst | ResumableCacheFirst) =>
  registerRoute(({url}) => url.pathname.startsWith(`/${name}/`), strategy);

route(
  'guarded',
  new CacheFirst({plugins: [new StableKeyPlugin(), new QuotaGuardPlugin(), scope('guarded')]}),
);
route('guard-only', new CacheFirst({cacheName: 'guard-only', plugins: [new QuotaGuardPlugin()]}));
route('scoped', new CacheFirst({plugins: [scope('scoped')]}));
route('plain', new ResumableCacheFirst({cacheName: 'plain', minBytes: 500_000, pieceBytes: 65_536}));
route('small', new ResumableCacheFirst({cacheName: 'small'}));
route(
  'html',
  new CacheFirst({
    plugins: [new VersionScopePlugin({prefix: 'html', pattern: /\/html\/(?<version>v\d+)\//, html: true})],
  }),
);
registerRoute(
  ({url}) => url.hostname.startsWith('assets.') || url.hostname === 'unpkg.com',
  new ResumableCacheFirst({cacheName: 'hosts', plugins: [new QuotaGuardPlugin()]}),
);
