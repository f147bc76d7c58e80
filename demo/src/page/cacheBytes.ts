/** Returns the bytes in a cache. The worker may delete it at any moment: then it has none. */
export const cacheBytes = async (cacheName: string): Promise<number> => {
  // To open a cache creates it.
  if (!(await caches.has(cacheName))) {
    return 0;
  }
  const responses = await (await caches.open(cacheName)).matchAll();
  const sizes = await Promise.all(responses.map(async (response) => (await response.blob()).size));
  return sizes.reduce((sum, size) => sum + size, 0);
};
