/** A worker that only isolates pages, and does not claim them by itself: `register()` of a page asks it to. */
import {registerAssets} from '@holdfast/service-worker';
import {isolatedPages} from '@holdfast/service-worker/recipes';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();

registerAssets(isolatedPages());
