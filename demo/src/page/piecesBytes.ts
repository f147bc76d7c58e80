/** Returns the bytes in a cache of pieces. It may be deleted at any moment: then its file is complete. */
export const piecesBytes = async (cacheName: string): Promise<number> => {
  // To open a cache creates it.
  if (!(await caches.has(cacheName))) {
    return 0;
  }
  const cache = await caches.open(cacheName);
  const pieces = await cache.matchAll();
  const sizes = await Promise.all(pieces.map(async (piece) => (await piece.blob()).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};
