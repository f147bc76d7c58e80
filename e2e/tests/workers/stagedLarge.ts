/** The worker of the tests of releases with a large file, which a stage or a page fetches. */
import {downloads, listing, registerAssets, staging} from '@holdfast/service-worker';
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
registerAssets([], {features: [downloads(), listing(), staging()]});

registerRoute(
  ({url}) => url.pathname.startsWith('/models/'),
  new ResumableCacheFirst({
    plugins: [
      new StableKeyPlugin(),
      new QuotaGuardPlugin(),
      new VersionScopePlugin({prefix: 'models', pattern: /\/models\/(?<version>v\d+)\//}),
    ],
  }),
);
