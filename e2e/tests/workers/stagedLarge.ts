/** The worker of the tests of releases with a large file: staged, or asked for by a page. */
import {ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {handleVersionMessages, VersionScopePlugin} from '@holdfast/service-worker/releases';
import {handleReleaseMessages} from '@holdfast/service-worker/releases/stage';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();
handleVersionMessages();
handleReleaseMessages();

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
