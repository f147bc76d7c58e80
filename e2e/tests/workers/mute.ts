/** A worker that claims no page, and answers no message unless its URL has the query `?answers`. */

import {listing, registerAssets} from '@holdfast/service-worker';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('fetch', () => undefined);

if (self.location.search === '?answers') {
  registerAssets([], {features: [listing()]});
}
