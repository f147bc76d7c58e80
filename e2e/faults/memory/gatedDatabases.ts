import type {Gate} from './Gate.ts';
import type {Room} from './gatedCaches.ts';
import type {Schedule} from './Schedule.ts';

/** Returns a store that is full. */
const asFull = (store: IDBObjectStore): IDBObjectStore =>
  Object.assign(store, {
    put: () => {
      store.transaction.abort();
      throw new DOMException('The quota is exceeded.', 'QuotaExceededError');
    },
  });

/**
 * The databases as a worker sees them, which outlive it. Each transaction is one step. Those that are open when the
 * worker is killed are undone.
 */
export const gatedDatabases = (
  databases: IDBFactory,
  {gate, room, schedule}: {gate: Gate; room: Room; schedule: Schedule},
) => {
  const watch = (transaction: IDBTransaction): void => {
    const end = schedule.begin();
    const abort = () => {
      try {
        transaction.abort();
      } catch {
        // It was committed, and its event is still to come.
      }
    };
    const ended = () => {
      gate.death.removeEventListener('abort', abort);
      end();
    };
    transaction.addEventListener('complete', ended);
    transaction.addEventListener('abort', ended);
    gate.death.addEventListener('abort', abort);
  };

  const guard = (database: IDBDatabase): void => {
    const begin = database.transaction.bind(database);
    database.transaction = (...args) => {
      gate.stepNow();
      const transaction = begin(...args);
      watch(transaction);
      const open = transaction.objectStore.bind(transaction);
      transaction.objectStore = (name) => (room.left > 0 ? open(name) : asFull(open(name)));
      return transaction;
    };
  };

  return {
    open: (name: string): IDBOpenDBRequest => {
      gate.stepNow();
      const request = databases.open(name);
      request.addEventListener('success', () => guard(request.result));
      return request;
    },
  };
};
