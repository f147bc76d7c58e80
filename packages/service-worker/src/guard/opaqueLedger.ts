import {createStore, promisifyRequest} from 'idb-keyval';

/** An opaque response that was let in, under its key. */
interface Admission {
  key: string;
  /** When, in milliseconds since 1970. */
  admittedAt: number;
}

const store = createStore('holdfast-quota-guard', 'opaque');

/** As long as an event may last in Chromium: after that, what is in no cache will not get there any more. */
const PUT_LIMIT_MS = 5 * 60 * 1000;

const isGone = async ({key, admittedAt}: Admission): Promise<boolean> =>
  Date.now() - admittedAt >= PUT_LIMIT_MS &&
  // Under COEP the browser may refuse to hand out an opaque entry, with an error. It is there, then.
  !(await caches.match(key, {ignoreVary: true}).catch(() => true));

const change = (work: (books: IDBObjectStore) => void): Promise<void> =>
  store('readwrite', (books) => {
    work(books);
    return promisifyRequest(books.transaction);
  });

/**
 * Enters an opaque response into the books, which outlive the worker, if fewer than `maxEntries` others are
 * in them. One at a time, so that many that arrive at once do not all take the last place.
 *
 * @returns whether it may be stored.
 */
export const admitOpaque = (key: string, maxEntries: number): Promise<boolean> =>
  navigator.locks.request('holdfast-quota-guard', async () => {
    const admissions = await store('readonly', (books) => promisifyRequest<Admission[]>(books.getAll()));
    let others = 0;
    for (const admission of admissions) {
      if (await isGone(admission)) {
        await change((books) => books.delete(admission.key));
      } else if (admission.key !== key) {
        others += 1;
      }
    }
    const isAdmitted = others < maxEntries;
    if (isAdmitted) {
      await change((books) => books.put({key, admittedAt: Date.now()} satisfies Admission, key));
    }
    return isAdmitted;
  }) as Promise<boolean>;
