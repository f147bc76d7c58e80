// The worker of Holdfast in the race: one route for the releases of the model.

import {downloads, registerAssets, release, staging} from '@holdfast/service-worker';
import {clientsClaim} from 'workbox-core';
import {precacheAndRoute} from 'workbox-precaching';
import {readOrigins} from '../../readOrigins.ts';
import {precachedPage} from './precachedPage.ts';

declare const self: ServiceWorkerGlobalScope;

importScripts('/origins.js');
const {hub} = readOrigins();

precacheAndRoute(...precachedPage());
registerAssets(
  [
    release({
      name: 'race-holdfast',
      url: `${hub}/buckets/race/holdfast/resolve/:version/*`,
      resumable: true,
      // On localhost, a port stands for the Hub. Under its real name, this is not needed.
      stableKey: {
        providers: [{hosts: new URL(hub).hostname, path: '^/buckets/[^/]+/[^/]+/resolve/', drop: 'download'}],
      },
    }),
  ],
  {features: [staging(), downloads()]},
);
void self.skipWaiting();
clientsClaim();
