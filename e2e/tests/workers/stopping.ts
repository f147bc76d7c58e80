/** The worker of the tests, with a switch that stops before its n-th step in storage and waits to be killed. */
import './holdfast.ts';

let stopBefore = Number.POSITIVE_INFINITY;
let steps = 0;
const channel = new BroadcastChannel('stopping');

channel.onmessage = ({data}) => {
  stopBefore = data.stopBefore;
  steps = 0;
};

/** Whether the step that is about to be taken is the one to stop before. */
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
    // Dies with the worker: a transaction that was not committed has not been.
    this.transaction.abort();
    throw new DOMException('The worker is about to be killed.', 'AbortError');
  }
  return put.call(this, value, key);
};
