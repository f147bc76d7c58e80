import {cacheNames} from 'workbox-core/cacheNames.js';
import {filesInPieces} from '../downloads/filesInPieces.ts';
import {hasOurPlugins, routedStrategies} from '../worker/routes.ts';
import {idOf} from './Entry.ts';
import {keysIn} from './keysIn.ts';
import type {Ledger} from './Ledger.ts';
import {placeOf} from './places.ts';
import type {FoundFile} from './ReleaseRoom.ts';

/** So many files are looked up at a time. What is to be stored waits for no more than that. */
const AT_A_TIME = 50;

/** Returns the names of the caches that the worker's strategies have of their own. */
const ownCaches = (): Set<string> => {
  const names = new Set(
    routedStrategies()
      .filter(hasOurPlugins)
      .map(({cacheName = ''}) => cacheName),
  );
  // In the one, the routes of others store, too, and the other is Workbox's own.
  names.delete(cacheNames.runtime);
  names.delete(cacheNames.precache);
  return names;
};

/** Returns what this worker's routes have stored, by its place in the ledger. */
const storedFiles = async ({releases}: Ledger, own: ReadonlySet<string>): Promise<Map<string, FoundFile>> => {
  const inPieces = await filesInPieces();
  const files = (await releases?.files(inPieces)) ?? [];
  const taken = new Set(files.map(({cacheName}) => cacheName));
  for (const cacheName of own) {
    if (!taken.has(cacheName)) {
      files.push(...(await keysIn(cacheName, inPieces)).map((key) => ({cacheName, key})));
    }
  }
  const places = await Promise.all(files.map(placeOf));
  return new Map(places.map((place) => [idOf(place), place]));
};

/**
 * Compares the ledger with what is stored, and corrects it: after a worker was killed, after other code has deleted
 * something, and where there is no ledger yet.
 */
export const rebuild = async (ledger: Ledger): Promise<void> => {
  const own = ownCaches();
  const files = await storedFiles(ledger, own);
  // As other workers have left it.
  await ledger.inTurn(async () => undefined);
  const doubtful: FoundFile[] = [];
  for (const file of files.values()) {
    const entry = ledger.entryAt(file);
    if (!entry || entry.isPending) {
      doubtful.push(file);
    }
  }
  const names = await caches.keys();
  const routes = ledger.routes();
  for (const entry of await ledger.inTurn(async () => ledger.entries)) {
    const {cacheName, key, line, version, route} = entry;
    // What other workers of the origin have stored is for them to look after.
    const isOurs = routes.has(route) || own.has(cacheName) || !names.includes(cacheName);
    if (isOurs && !files.has(idOf(entry))) {
      doubtful.push({cacheName, key, line, version});
    }
  }
  while (doubtful.length > 0) {
    await ledger.correct(doubtful.splice(0, AT_A_TIME));
  }
  await ledger.inTurn(() => ledger.wasRebuilt());
};
