import type {FilePlace} from './PieceStore.ts';
import {PIECES} from './piecesName.ts';

/** Lists the files of which pieces are stored. */
export const filesInPieces = async (): Promise<FilePlace[]> =>
  (await caches.keys())
    .filter((cacheName) => cacheName.startsWith(PIECES))
    .map((cacheName) => {
      const at = cacheName.lastIndexOf(' ');
      return {home: cacheName.slice(PIECES.length, at), key: cacheName.slice(at + 1)};
    });
