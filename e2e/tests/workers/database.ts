/** A dedicated worker that runs one query on the database at a URL, and reads only what the query needs. */
import sqlite3InitModule from '@sqlite.org/sqlite-wasm';
import {installRangeVfs} from './rangeVfs.ts';

declare const self: DedicatedWorkerGlobalScope;

self.addEventListener('message', async ({data: {url, query}}) => {
  const sqlite3 = await sqlite3InitModule();
  installRangeVfs(sqlite3);
  const answer = () => {
    const database = new sqlite3.oo1.DB({filename: url, flags: 'r', vfs: 'ranges'});
    try {
      return database.selectArrays(query);
    } finally {
      database.close();
    }
  };
  try {
    self.postMessage({rows: answer()});
  } catch (error) {
    self.postMessage({error: String(error)});
  }
});
