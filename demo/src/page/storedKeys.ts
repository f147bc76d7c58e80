/**
 * Returns the URLs that a release's cache can answer. Right before a load, they tell where its files will come from:
 * `CacheFirst` returns what is stored. Without a worker that controls the page, nothing comes from a cache.
 */
export const storedKeys = async (cacheName: string): Promise<ReadonlySet<string>> => {
  const isControlled = Boolean(navigator.serviceWorker?.controller);
  // To open a cache creates it.
  if (!isControlled || !(await caches.has(cacheName))) {
    return new Set();
  }
  const keys = await (await caches.open(cacheName)).keys();
  return new Set(keys.map(({url}) => url));
};
