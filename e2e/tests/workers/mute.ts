/** A worker that claims no page, and answers no message unless its URL says so. */
import {handleVersionMessages} from '@holdfast/service-worker/releases';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('fetch', () => undefined);

if (self.location.search === '?answers') {
  handleVersionMessages();
}
