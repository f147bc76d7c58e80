/** Returns the keys of a cache. One that is missing is not made for the question. */
export const storedKeys = async (cacheName: string): Promise<ReadonlySet<string>> => {
  const keys = (await caches.has(cacheName)) ? await (await caches.open(cacheName)).keys() : [];
  return new Set(keys.map(({url}) => url));
};
