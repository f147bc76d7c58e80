/** The worker of the fault sequences. The test puts the list of known assets in front of its code. */

import {listing, registerAssets, staging} from '@holdfast/service-worker';
import {QuotaGuardPlugin} from '@holdfast/service-worker/guard';
import {type ExpectedAsset, IntegrityPlugin} from '@holdfast/service-worker/integrity';
import {StableKeyPlugin} from '@holdfast/service-worker/keys';
import {VersionScopePlugin} from '@holdfast/service-worker/releases';
import {clientsClaim} from 'workbox-core';
import {registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;
declare const KNOWN_ASSETS: readonly ExpectedAsset[];

void self.skipWaiting();
clientsClaim();
registerAssets([], {features: [listing(), staging()]});

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
