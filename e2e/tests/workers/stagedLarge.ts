/** The worker of the tests of releases with a large file: staged, or asked for by a page. */
import {ResumableCacheFirst} from '@holdfast/large-files';
import {QuotaGuardPlugin} from '@holdfast/quota-guard';
import {handleReleaseMessages} from '@holdfast/releases';
import {StableKeyPlugin} from '@holdfast/stable-key';
import {handleVersionMessages, VersionScopePlugin} from '@holdfast/version-scope';
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
