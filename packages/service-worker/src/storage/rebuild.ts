import {cacheNames} from 'workbox-core/cacheNames.js';
import {hasOurPlugins, routedStrategies} from '../worker/routes.ts';
import {idOf} from './Entry.ts';
import {keysIn} from './keysIn.ts';
import type {Ledger} from './Ledger.ts';
import {placeOf} from './places.ts';
import type {FoundFile} from './ReleaseRoom.ts';

/** Returns what this worker's routes have stored, by its place in the ledger. */
const storedFiles = async ({releases}: Ledger): Promise<Map<string, FoundFile>> => {
  const files = (await releases?.files()) ?? [];
  const taken = new Set(files.map(({cacheName}) => cacheName));
  const own = routedStrategies()
    .filter(hasOurPlugins)
    .map(({cacheName = ''}) => cacheName);
  // In the one that all strategies may share, the routes of others store, too.
  for (const cacheName of new Set(own.filter((name) => name !== cacheNames.runtime && !taken.has(name)))) {
    files.push(...(await keysIn(cacheName)).map((key) => ({cacheName, key})));
  }
  const places = await Promise.all(files.map(placeOf));
  return new Map(places.map((place) => [idOf(place), place]));
};

/**
 * Compares the ledger with what is stored, and corrects it: after a worker was killed, after other code has deleted
 * something, and where there is no ledger yet.
 */
export const rebuild = async (ledger: Ledger): Promise<void> => {
  const files = await storedFiles(ledger);
  for (const file of files.values()) {
    const entry = await ledger.find(file);
    if (!ledger.isBusy(file) && (!entry || entry.isPending)) {
      await ledger.note(file, file.bytes);
    }
  }
  const names = await caches.keys();
  const own = new Set(Array.from(files.values(), ({cacheName}) => cacheName));
  for (const entry of await ledger.inTurn(async () => ledger.entries)) {
    // What other workers of the origin have stored is for them to look after.
    const isOurs = own.has(entry.cacheName) || !names.includes(entry.cacheName);
    if (isOurs && !files.has(idOf(entry)) && !ledger.isBusy(entry)) {
      await ledger.note(entry);
    }
  }
  await ledger.inTurn(() => ledger.wasRebuilt());
};
