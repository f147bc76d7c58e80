import {beforeAll} from 'vitest';

const done = <Result>(request: IDBRequest<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Empties a database. To delete it would wait for everything that still has it open. */
const empty = async (name: string): Promise<void> => {
  const database = await done(indexedDB.open(name));
  const names = [...database.objectStoreNames];
  if (names.length > 0) {
    const transaction = database.transaction(names, 'readwrite');
    await Promise.all(names.map((store) => done(transaction.objectStore(store).clear())));
  }
  database.close();
};

// All test files share the storage of one origin, and what one leaves behind must not be found by the next.
beforeAll(async () => {
  for (const {name = ''} of await indexedDB.databases()) {
    await empty(name);
  }
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});
