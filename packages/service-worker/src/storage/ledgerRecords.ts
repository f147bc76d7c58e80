import {createStore, promisifyRequest} from 'idb-keyval';
import {type Entry, idOf, type Place} from './Entry.ts';
import {ownDatabase} from './ownDatabase.ts';

/** The key of the record about the ledger itself: no cache is named so. */
const STATE = '';

/** What is known of the ledger itself. */
export interface LedgerState {
  /** How often it was changed: by that, the workers of the origin notice each other's changes. */
  changes: number;
  /** When it was last compared with what is stored. */
  rebuiltAt: number;
}

const store = createStore(ownDatabase('holdfast-storage'), 'ledger');

const stateIn = async (records: IDBObjectStore): Promise<LedgerState> =>
  (await promisifyRequest<LedgerState | undefined>(records.get(STATE))) ?? {changes: 0, rebuiltAt: 0};

// Where the browser has no IndexedDB, `store` throws before there is a promise: hence `async` in all of these.

export const readState = async (): Promise<LedgerState> => store('readonly', stateIn);

/** Reads what is known of a file. */
export const readEntry = async (place: Place): Promise<Entry | undefined> =>
  store('readonly', (records) => promisifyRequest(records.get(idOf(place))));

/** Reads what is known of all files. */
export const readEntries = async (): Promise<Entry[]> =>
  store('readonly', async (records) =>
    (await promisifyRequest<(Entry | LedgerState)[]>(records.getAll())).filter(
      (record): record is Entry => 'cacheName' in record,
    ),
  );

/**
 * Writes what has changed: all of it outlives the worker, or nothing of it.
 *
 * @param entryOf returns what is known of a file by now; `undefined` stands for nothing.
 * @returns how often the ledger was changed before.
 */
export const writeEntries = async (
  places: readonly Place[],
  entryOf: (place: Place) => Entry | undefined,
  {rebuiltAt}: LedgerState,
): Promise<number> =>
  store('readwrite', async (records) => {
    const {transaction} = records;
    const {changes} = await stateIn(records);
    for (const place of places) {
      const entry = entryOf(place);
      if (entry) {
        records.put(entry, idOf(place));
      } else {
        records.delete(idOf(place));
      }
    }
    records.put({changes: changes + 1, rebuiltAt} satisfies LedgerState, STATE);
    await promisifyRequest(transaction);
    return changes;
  });
