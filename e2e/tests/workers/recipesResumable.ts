/** A worker for large models. The models of the tests are small, and so are the pieces. */
import {downloads, registerAssets} from '@holdfast/service-worker';
import {transformersJs} from '@holdfast/service-worker/recipes';
import {clientsClaim} from 'workbox-core';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();

const sizes = {minBytes: 100_000, pieceBytes: 65_536};

registerAssets(
  transformersJs({resumable: true}).map((route) => ({...route, options: {...route.options, ...sizes}})),
  {features: [downloads()]},
);
