import {createStore, get, update} from 'idb-keyval';

/** What is known of a client, a tab or a worker of one. */
export interface ClientRecord {
  /** The account of the name that it has signed in by. */
  name?: string | undefined;
  /** The accounts for which something may be stored on its behalf. */
  used: readonly string[];
}

/** What is known of accounts: no name and no credential, only what is made of them. */
export interface AccountsRecord {
  /** How often an account was signed out of. */
  count: number;
  /** The account of the last name. Other workers of the origin sign in by none: they send the same cookies. */
  name?: string | undefined;
  clients: Readonly<Record<string, ClientRecord>>;
  /** The last ones that were signed out of, each with the number of that. */
  signedOut: readonly {account: string; count: number}[];
  /** Those of which something may be left, since a worker was killed. */
  leftovers: readonly string[];
}

export const NO_ACCOUNTS: AccountsRecord = {count: 0, clients: {}, signedOut: [], leftovers: []};

const KEY = 'accounts';

const store = createStore('holdfast-accounts', 'accounts');

/** @throws what IndexedDB throws where storage cannot be read. */
export const readAccounts = async (): Promise<AccountsRecord> =>
  (await get<AccountsRecord>(KEY, store)) ?? NO_ACCOUNTS;

/** Changes the record in one step. Resolves, to what it is then, when the change will outlive the worker. */
export const changeAccounts = async (
  change: (record: AccountsRecord) => Partial<AccountsRecord>,
): Promise<AccountsRecord> => {
  let changed = NO_ACCOUNTS;
  await update<AccountsRecord>(
    KEY,
    (record = NO_ACCOUNTS) => {
      changed = Object.assign({}, record, change(record));
      return changed;
    },
    store,
  );
  return changed;
};
