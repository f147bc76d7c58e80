/** The worker of the tests of budgets: releases, plain files, and large files in pieces, each within limits. */
import {BudgetPlugin, budgets, downloads, listing, registerAssets, staging} from '@holdfast/service-worker';
import {ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import {LIMITS} from '../../faults/budgets/limits.ts';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();

registerRoute(
  ({url}) => url.pathname.startsWith('/models/'),
  new CacheFirst({
    plugins: [
      new StableKeyPlugin(),
      new QuotaGuardPlugin(),
      new VersionScopePlugin({prefix: 'models', pattern: /\/models\/(?<name>[^/]+)\/(?<version>v\d+)\//}),
      new BudgetPlugin({...LIMITS.line, of: 'line'}),
    ],
  }),
);
registerRoute(
  ({url}) => url.pathname.startsWith('/maps/'),
  new CacheFirst({
    cacheName: 'maps',
    plugins: [new StableKeyPlugin(), new QuotaGuardPlugin(), new BudgetPlugin(LIMITS.maps)],
  }),
);
registerRoute(
  ({url}) => url.pathname.startsWith('/large/'),
  new ResumableCacheFirst({
    cacheName: 'large',
    minBytes: 1_000_000,
    pieceBytes: 524_288,
    plugins: [new StableKeyPlugin(), new QuotaGuardPlugin(), new BudgetPlugin(LIMITS.large)],
  }),
);
registerAssets([], {features: [staging(), downloads(), listing(), budgets(LIMITS.all)]});
