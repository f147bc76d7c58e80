import {clear, createStore} from 'idb-keyval';

const ledger = createStore('holdfast-storage', 'ledger');

/** Deletes what the ledger knows. */
export const clearLedger = (): Promise<void> => clear(ledger);
