/**
 * A worker that claims no page, and answers no message unless its URL has the query `?answers`. It reports each message
 * that it receives on the channel `received`.
 */

import {listing, registerAssets} from '@holdfast/service-worker';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('fetch', () => undefined);

const received = new BroadcastChannel('received');
self.addEventListener('message', () => received.postMessage(undefined));

if (self.location.search === '?answers') {
  registerAssets([], {features: [listing()]});
}
