/** A worker with the recipes for whole CDNs only. */
import {registerAssets} from '@holdfast/service-worker';
import {cdnjs, jsDelivr, unpkg} from '@holdfast/service-worker/recipes';
import {clientsClaim} from 'workbox-core';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();

registerAssets([...jsDelivr(), ...unpkg(), ...cdnjs()]);
