/** A worker that waits for the pages of an older one, as generated workers do unless they are told otherwise. */
import {listing, registerAssets} from '@holdfast/service-worker';

declare const self: ServiceWorkerGlobalScope;

registerAssets([], {features: [listing()]});

self.addEventListener('message', ({data}) => {
  if (data?.type === 'SKIP_WAITING') {
    void self.skipWaiting();
  }
});
