/** A worker with all recipes, the special ones before the general ones. */
import {registerAssets} from '@holdfast/service-worker';
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
import {clientsClaim} from 'workbox-core';
import './tellUnhandledRejections.ts';

declare const self: ServiceWorkerGlobalScope;

void self.skipWaiting();
clientsClaim();

registerAssets([...transformersJs(), ...pyodide(), ...pypiFiles(), ...isolatedPages()]);
registerAssets([...wheels({from: '*/wheels/*'}), ...jsDelivr(), ...unpkg(), ...cdnjs()]);
