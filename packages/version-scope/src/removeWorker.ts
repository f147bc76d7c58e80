import {dropCaches} from './dropCaches.ts';
import type {Scope} from './releaseOf.ts';

declare const self: ServiceWorkerGlobalScope;

/**
 * Makes the whole of a worker that takes a deployed one out of service: published in the other's place, it
 * takes over at once, deletes the caches of the given scopes, unregisters, and lets every open page go on
 * without a worker from its next load on.
 *
 * @param scopes `prefix` and `pattern` of the plugins that the removed worker had.
 */
export const removeWorker = (scopes: readonly Scope[]): void => {
  self.addEventListener('install', (event) => event.waitUntil(self.skipWaiting()));
  self.addEventListener('activate', (event) =>
    event.waitUntil(
      // Unregistering comes last and comes whatever happened: a worker that stays would be the greater harm.
      dropCaches(scopes)
        .catch(() => undefined)
        .then(() => self.registration.unregister()),
    ),
  );
};
