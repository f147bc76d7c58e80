import type {FilePlace} from './PieceStore.ts';
import {BASE, piecesOf} from './piecesName.ts';

/** In the key of a piece, behind its beginning. */
const RANGE = /^(\d+)-(\d+)\?/;

/** Returns how many bytes of a file are stored in pieces: 0 where none are. */
export const bytesInPieces = async ({home, key}: FilePlace): Promise<number> => {
  const cacheName = piecesOf(home) + key;
  // To open a cache that is not there would make it.
  const keys = (await caches.has(cacheName)) ? await (await caches.open(cacheName)).keys() : [];
  return keys.reduce((sum, {url}) => {
    const [, start = 0, end = 0] = RANGE.exec(url.slice(BASE.length)) ?? [];
    return sum + Number(end) - Number(start);
  }, 0);
};
