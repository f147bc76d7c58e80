import type {ErrorMessage} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {dropCaches} from './dropCaches.ts';
import {Releases} from './Releases.ts';
import type {Scope} from './releaseOf.ts';

declare const self: ServiceWorkerGlobalScope;

const REMOVED: ErrorMessage = {
  type: 'HOLDFAST_ERROR',
  payload: {message: 'This worker was taken out of service. The page should not register it any more.'},
};

/**
 * Makes the whole of a worker that takes a deployed one out of service: published in the other's place, it takes over at
 * once, deletes the caches of the given scopes, unregisters, and lets every open page continue without a worker from its
 * next load on.
 *
 * @param scopes `prefix` and `pattern` of the plugins that the removed worker had.
 */
export const removeWorker = (scopes: readonly Scope[]): void => {
  // A page that registers it again before it is gone brings it back, without another activation.
  self.addEventListener('message', (event) => {
    if (String(event.data?.type).startsWith('HOLDFAST_')) {
      event.ports[0]?.postMessage(REMOVED);
      event.waitUntil(self.registration.unregister());
    }
  });
  self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
  self.addEventListener('activate', (event) =>
    event.waitUntil(
      // Unregistering comes last and comes in any case: a worker that stays would be the greater harm.
      dropCaches(new Releases(new WorkerState()), scopes)
        .catch(() => undefined)
        .then(() => self.registration.unregister()),
    ),
  );
};
