import type {Gate} from './Gate.ts';
import type {Room} from './gatedCaches.ts';
import type {Schedule} from './Schedule.ts';

/** A store in which nothing can be put for want of room. */
const asFull = (store: IDBObjectStore): IDBObjectStore =>
  Object.assign(store, {
    put: () => {
      store.transaction.abort();
      throw new DOMException('There is no room for it.', 'QuotaExceededError');
    },
  });

/**
 * The databases as a worker sees them, which outlive it. Each transaction is one step. Those that are open when the
 * worker is killed have not been.
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
        // It has been committed, and only not been told so.
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
