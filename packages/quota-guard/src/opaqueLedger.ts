import {createStore, delMany, entries, set} from 'idb-keyval';

/** Key of an admitted opaque response → when it was admitted, in milliseconds since 1970. */
const store = createStore('holdfast-quota-guard', 'opaque');

/** As long as an event may last in Chromium: after that, what is in no cache will not get there any more. */
const PUT_LIMIT_MS = 5 * 60 * 1000;

const isGone = async (key: string, admittedAt: number): Promise<boolean> => {
  if (Date.now() - admittedAt < PUT_LIMIT_MS) {
    return false;
  }
  // Under COEP the browser may refuse to hand out an opaque entry, with an error. It is there, then.
  return !(await caches.match(key, {ignoreVary: true}).catch(() => true));
};

/** The keys that were admitted and are still there, as far as one can know. */
const admitted = async (): Promise<string[]> => {
  const all = await entries<string, number>(store);
  const gone = await Promise.all(all.map(([key, admittedAt]) => isGone(key, admittedAt)));
  await delMany(
    all.flatMap(([key], index) => (gone[index] ? key : [])),
    store,
  );
  return all.flatMap(([key], index) => (gone[index] ? [] : key));
};

/**
 * Enters an opaque response into the books, which outlive the worker, if fewer than `maxEntries` others are
 * in them. One at a time, so that many that arrive at once do not all take the last place.
 *
 * @returns whether it may be stored.
 */
export const admitOpaque = (key: string, maxEntries: number): Promise<boolean> =>
  navigator.locks.request('holdfast-quota-guard', async () => {
    const others = (await admitted()).filter((other) => other !== key);
    const isAdmitted = others.length < maxEntries;
    if (isAdmitted) {
      await set(key, Date.now(), store);
    }
    return isAdmitted;
  }) as Promise<boolean>;
