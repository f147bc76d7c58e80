/** The worker of somebody whose models are large. Here they are small: so are the pieces. */
import {handleDownloadMessages, ResumableCacheFirst} from '@holdfast/service-worker/downloads';
import {transformersJs} from '@holdfast/service-worker/recipes';
import {registerRoutes} from '@holdfast/service-worker/recipes/worker.js';
import {clientsClaim} from 'workbox-core';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();

const sizes = {minBytes: 100_000, pieceBytes: 65_536};

registerRoutes(
  transformersJs({resumable: true}).map((route) => ({...route, options: {...route.options, ...sizes}})),
  {ResumableCacheFirst},
);
handleDownloadMessages();
