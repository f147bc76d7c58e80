import {createStore, promisifyRequest, type UseStore} from 'idb-keyval';

/**
 * Returns what stands for a key in the ledger, where no signature may stand: its URL, with a digest in place of a query.
 * Other queries of the path count apart.
 */
const idOf = async (key: string): Promise<string> => {
  const [path = '', query] = key.split(/\?(.*)/s);
  if (query === undefined) {
    return key;
  }
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(query));
  return `${path}?${[...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
};

/** An opaque response that was allowed, under what stands for its key. */
interface Admission {
  key: string;
  /** Milliseconds since 1970. */
  admittedAt: number;
}

/** As long as an event may last in Chromium: what is in no cache after that will never be. */
const PUT_LIMIT_MS = 5 * 60 * 1000;

const isGone = async ({key, admittedAt}: Admission): Promise<boolean> =>
  Date.now() - admittedAt >= PUT_LIMIT_MS &&
  // Under COEP the browser may refuse to return an opaque entry, with an error: the entry exists.
  !(await caches.match(key, {ignoreVary: true, ignoreSearch: true}).catch(() => true));

/** Runs one at a time in all workers of the origin. Without Web Locks, as in Safari before 15.4, nothing is kept in order. */
const oneAtATime = async <Result>(work: () => Promise<Result>): Promise<Result> =>
  navigator.locks ? (navigator.locks.request('holdfast-quota-guard', work) as Promise<Result>) : work();

/** Counts the opaque responses that were allowed. It is in IndexedDB, and outlives the worker. */
export class OpaqueLedger {
  private readonly store: UseStore = createStore('holdfast-quota-guard', 'opaque');

  /**
   * Enters an opaque response if fewer than `maxEntries` others are entered. One at a time, so that many that arrive at
   * once do not all take the last place.
   *
   * @returns whether it may be stored.
   */
  async admit(url: string, maxEntries: number): Promise<boolean> {
    const key = await idOf(url);
    return oneAtATime(async () => {
      const admissions = await this.store('readonly', (entries) =>
        promisifyRequest<Admission[]>(entries.getAll()),
      );
      let others = 0;
      for (const admission of admissions) {
        if (await isGone(admission)) {
          await this.change((entries) => entries.delete(admission.key));
        } else if (admission.key !== key) {
          others += 1;
        }
      }
      const isAdmitted = others < maxEntries;
      if (isAdmitted) {
        await this.change((entries) => entries.put({key, admittedAt: Date.now()} satisfies Admission, key));
      }
      return isAdmitted;
    });
  }

  private change(work: (entries: IDBObjectStore) => void): Promise<void> {
    return this.store('readwrite', (entries) => {
      work(entries);
      return promisifyRequest(entries.transaction);
    });
  }
}
