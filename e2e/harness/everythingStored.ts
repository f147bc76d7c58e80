/** Run in a page: returns everything that its origin has stored except bodies, as text to search in. */
export const everythingStored = async (): Promise<{caches: string; databases: string}> => {
  const entries: unknown[] = [];
  for (const cacheName of await caches.keys()) {
    const cache = await caches.open(cacheName);
    for (const key of await cache.keys()) {
      const response = await cache.match(key, {ignoreVary: true});
      entries.push({
        cacheName,
        key: key.url,
        keyHeaders: [...key.headers],
        url: response?.url,
        headers: [...(response?.headers ?? [])],
      });
    }
  }

  const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const records: unknown[] = [];
  for (const {name = ''} of await indexedDB.databases()) {
    const database = await settled(indexedDB.open(name));
    for (const storeName of database.objectStoreNames) {
      const store = database.transaction(storeName).objectStore(storeName);
      records.push({
        name,
        storeName,
        keys: await settled(store.getAllKeys()),
        values: await settled(store.getAll()),
      });
    }
    database.close();
  }
  return {caches: JSON.stringify(entries), databases: JSON.stringify(records)};
};
