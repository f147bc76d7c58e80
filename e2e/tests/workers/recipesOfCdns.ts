/** The worker of somebody who uses the recipes for whole CDNs, and no other. */
import {cdnjs, jsDelivr, unpkg} from '@holdfast/service-worker/recipes';
import {registerRoutes} from '@holdfast/service-worker/recipes/worker.js';
import {clientsClaim} from 'workbox-core';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();

registerRoutes([...jsDelivr(), ...unpkg(), ...cdnjs()]);
