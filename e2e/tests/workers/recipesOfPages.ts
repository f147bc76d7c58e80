/** The worker of somebody who only wants isolated pages, and does not claim them: `register()` of a page asks it to. */
import {isolatedPages} from '@holdfast/service-worker/recipes';
import {registerRoutes} from '@holdfast/service-worker/recipes/worker.js';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();

registerRoutes(isolatedPages());
