import type {FilePlace} from '../downloads/PieceStore.ts';

/**
 * Returns the keys of all files that have an entry in a cache, or pieces beside it.
 *
 * @param inPieces the files of all caches of which there are pieces.
 */
export const keysIn = async (cacheName: string, inPieces: readonly FilePlace[]): Promise<string[]> => {
  // To open a cache that is not there would make it.
  const entries = (await caches.has(cacheName)) ? await (await caches.open(cacheName)).keys() : [];
  const own = inPieces.filter(({home}) => home === cacheName);
  return [...new Set(entries.map(({url}) => url).concat(own.map(({key}) => key)))];
};
