import {clear, createStore} from 'idb-keyval';

const ledger = createStore('holdfast-storage', 'ledger');
const statistics = createStore('holdfast-statistics', 'uses');

/** Deletes what the ledger knows, and all statistics. */
export const clearLedger = async (): Promise<void> => {
  await clear(ledger);
  await clear(statistics);
};
