import {clearRecords} from './clearRecords.ts';

/** Deletes all caches, and what is known of all lines. */
export const clearStorage = async (): Promise<void> => {
  await clearRecords();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
};
