/** The worker of somebody who uses all recipes, what is special before what is general. */
import {
  cdnjs,
  isolatedPages,
  jsDelivr,
  pyodide,
  pypiFiles,
  transformersJs,
  unpkg,
  wheels,
} from '@holdfast/service-worker/recipes';
import {registerRoutes} from '@holdfast/service-worker/recipes/worker.js';
import {clientsClaim} from 'workbox-core';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();

registerRoutes([...transformersJs(), ...pyodide(), ...pypiFiles(), ...isolatedPages()]);
registerRoutes([...wheels({from: '*/wheels/*'}), ...jsDelivr(), ...unpkg(), ...cdnjs()]);
