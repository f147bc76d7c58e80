import {filesInPieces} from '../downloads/filesInPieces.ts';

/** Returns the keys of all files that have an entry in a cache, or pieces beside it. */
export const keysIn = async (cacheName: string): Promise<string[]> => {
  // To open a cache that is not there would make it.
  const entries = (await caches.has(cacheName)) ? await (await caches.open(cacheName)).keys() : [];
  const inPieces = (await filesInPieces()).filter(({home}) => home === cacheName);
  return [...new Set(entries.map(({url}) => url).concat(inPieces.map(({key}) => key)))];
};
