/** A file that is stored, or that the ledger knows. */
export interface Held {
  cacheName: string;
  path: string;
  bytes: number;
  line?: string | undefined;
  isPending?: boolean | undefined;
}

/** What the caches of the origin hold, and what the ledger says of that. */
export interface Storage {
  stored: Held[];
  ledger: Held[];
}

/** Run in a page: reads all bodies from the caches, and the ledger. A file in pieces counts as one. */
export const readStorage = async (): Promise<Storage> => {
  const held = new Map<string, Held>();
  const add = (cacheName: string, url: string, bytes: number): void => {
    const id = `${cacheName} ${url}`;
    const one = held.get(id) ?? {cacheName, path: new URL(url).pathname, bytes: 0};
    one.bytes += bytes;
    held.set(id, one);
  };
  for (const [name, keys] of Object.entries(await stored())) {
    const [, home = name, file] = /^holdfast-pieces (.*) (\S+)$/.exec(name) ?? [];
    for (const key of keys) {
      const isFacts = key === 'https://pieces.invalid/';
      const response = isFacts ? undefined : await caches.match(key, {cacheName: name, ignoreVary: true});
      const size = (await response?.blob())?.size;
      if (size !== undefined) {
        add(home, file ?? key, size);
      }
    }
  }

  const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const ledger: Held[] = [];
  // To open a database that is not there would make it.
  const {scope} = (await navigator.serviceWorker.getRegistration()) ?? {};
  const name = `holdfast-storage ${scope}`;
  if ((await indexedDB.databases()).some((one) => one.name === name)) {
    const database = await settled(indexedDB.open(name));
    const records = await settled(database.transaction('ledger').objectStore('ledger').getAll());
    database.close();
    for (const {cacheName, key, bytes, line, isPending} of records.filter((one) => 'cacheName' in one)) {
      ledger.push({cacheName, path: new URL(key).pathname, bytes, line, isPending});
    }
  }
  return {stored: [...held.values()], ledger};
};
