/**
 * The URLs that a release's cache can answer now. Asked right before a load, this says where its files will come
 * from: `CacheFirst` takes what is there. Without a worker in control nothing comes from a cache.
 */
export const storedKeys = async (line: string, version: string): Promise<ReadonlySet<string>> => {
  const cacheName = `${line}-${version}`;
  const isControlled = Boolean(navigator.serviceWorker?.controller);
  // Asks whether it is there first, because opening a cache makes it.
  if (!isControlled || !(await caches.has(cacheName))) {
    return new Set();
  }
  const keys = await (await caches.open(cacheName)).keys();
  return new Set(keys.map(({url}) => url));
};
