/** The worker of the fault sequences. What is known of the files' bytes is written in front of its code. */

import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {type ExpectedAsset, IntegrityPlugin} from '@holdfast/service-worker/integrity';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {handleVersionMessages, VersionScopePlugin} from '@holdfast/service-worker/releases';
import {handleReleaseMessages} from '@holdfast/service-worker/releases/stage';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;
declare const KNOWN_ASSETS: readonly ExpectedAsset[];

void self.skipWaiting();
clientsClaim();
handleVersionMessages();
handleReleaseMessages();

registerRoute(
  ({url}) => url.pathname.startsWith('/files/'),
  new CacheFirst({
    plugins: [
      new StableKeyPlugin(),
      new QuotaGuardPlugin(),
      new IntegrityPlugin({assets: KNOWN_ASSETS, mode: 'before-serving'}),
      new VersionScopePlugin({prefix: 'files', pattern: /\/files\/(?<line>[^/]+)\/(?:(?<version>v\d+)\/)?/}),
    ],
  }),
);
