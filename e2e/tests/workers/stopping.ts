/** The worker `holdfast`, whose switch stops before its n-th step in storage and waits to be killed. */
import './holdfast.ts';

let stopBefore = Number.POSITIVE_INFINITY;
let steps = 0;
const channel = new BroadcastChannel('stopping');

channel.onmessage = ({data}) => {
  stopBefore = data.stopBefore;
  steps = 0;
};

/** Counts a step. Returns whether to stop before it. */
const isStop = (): boolean => {
  steps += 1;
  if (steps === stopBefore) {
    channel.postMessage('stopped');
  }
  return steps >= stopBefore;
};

const forever = new Promise<never>(() => undefined);

for (const name of ['keys', 'open', 'delete'] as const) {
  const original = CacheStorage.prototype[name] as (
    this: CacheStorage,
    ...args: string[]
  ) => Promise<unknown>;
  Object.assign(CacheStorage.prototype, {
    [name]: function step(this: CacheStorage, ...args: string[]) {
      return isStop() ? forever : original.apply(this, args);
    },
  });
}

const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function step(value, key) {
  if (isStop()) {
    // A transaction that is not committed is undone when the worker is killed.
    this.transaction.abort();
    throw new DOMException('The worker is about to be killed.', 'AbortError');
  }
  return put.call(this, value, key);
};
