import {piecesOf} from '../downloads/piecesName.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import type {Place} from './Entry.ts';
import {keyIn} from './places.ts';

/**
 * Deletes a stored file, whether it is an entry or in pieces.
 *
 * @returns whether it is gone: one that is being downloaded or read in pieces stays.
 */
export const deleteFile = async (worker: WorkerState, place: Place): Promise<boolean> => {
  const {cacheName, key} = place;
  for (const isFree of worker.users) {
    if (!(await isFree(place))) {
      return false;
    }
  }
  // To open a cache that is gone would make it anew.
  if (await caches.has(cacheName)) {
    const cache = await caches.open(cacheName);
    await cache.delete(await keyIn(cache, place), {ignoreVary: true});
  }
  await caches.delete(piecesOf(cacheName) + key);
  return true;
};
