/**
 * Counts the steps of a worker in storage and towards the network, so that a test can kill it before any of them. To be
 * imported before everything else. It reports on the channel `stepping`:
 *
 * - `received <id>`: a message with an `id`, or a request with the id in its header `question`, has arrived.
 * - `done <id>`: a message of one of the types below was carried out.
 */
declare const self: ServiceWorkerGlobalScope;

/** A worker that takes no step for so long is idle. */
const QUIET_AFTER_MS = 50;

const channel = new BroadcastChannel('stepping');
let steps = 0;
let inProgress = 0;
let awaited: {step: number; reached: () => void} | undefined;
/** The worker is about to be killed: from now on, nothing that it does may have an effect. */
let isOver = false;

const forever = new Promise<never>(() => undefined);

const countStep = (): void => {
  steps += 1;
  if (steps === awaited?.step) {
    awaited.reached();
  }
};

/** Resolves when the worker takes no more steps. @param isToTheEnd whether all steps must have ended, too. */
const quiet = async (isToTheEnd: boolean): Promise<void> => {
  let before: number;
  do {
    before = steps;
    await new Promise((resolve) => {
      setTimeout(resolve, QUIET_AFTER_MS);
    });
  } while (steps > before || (isToTheEnd && inProgress > 0));
};

// biome-ignore lint/suspicious/noExplicitAny: any method of the platform.
type Method = (this: unknown, ...args: any[]) => any;

/** Replaces a method of the platform. */
const replace = (owner: object, name: string, make: (original: Method) => Method): void => {
  Object.assign(owner, {[name]: make(Reflect.get(owner, name))});
};

for (const [owner, names] of [
  [CacheStorage.prototype, ['match', 'has', 'open', 'keys', 'delete']],
  [Cache.prototype, ['match', 'keys', 'put', 'delete']],
  [Clients.prototype, ['get', 'matchAll']],
  [LockManager.prototype, ['request', 'query']],
  [self, ['fetch']],
] as const) {
  for (const name of names) {
    replace(
      owner,
      name,
      (original) =>
        function step(...args) {
          countStep();
          if (isOver) {
            return forever;
          }
          inProgress += 1;
          const ended = () => {
            inProgress -= 1;
          };
          const result: Promise<unknown> = original.apply(this, args);
          result.then(ended, ended);
          return result;
        },
    );
  }
}

replace(
  IDBDatabase.prototype,
  'transaction',
  (original) =>
    function step(...args) {
      countStep();
      if (isOver) {
        throw new DOMException('The worker is about to be killed.', 'AbortError');
      }
      const transaction: IDBTransaction = original.apply(this, args);
      inProgress += 1;
      for (const end of ['complete', 'abort']) {
        transaction.addEventListener(end, () => {
          inProgress -= 1;
        });
      }
      return transaction;
    },
);

for (const {prototype} of [MessagePort, BroadcastChannel]) {
  replace(
    prototype,
    'postMessage',
    (original) =>
      function postMessage(...args) {
        return isOver ? undefined : original.apply(this, args);
      },
  );
}

replace(
  FetchEvent.prototype,
  'respondWith',
  (original) =>
    function respondWith(response: Promise<Response>) {
      original.call(
        this,
        response.then((made) => (isOver ? forever : made)),
      );
    },
);

self.addEventListener('fetch', ({request}) => {
  channel.postMessage(`received ${request.headers.get('question')}`);
});

self.addEventListener('message', (event) => {
  const {type, id, payload} = event.data;
  const done = () => channel.postMessage(`done ${id}`);
  channel.postMessage(`received ${id}`);
  switch (type) {
    // Done after so many steps, or when no more come. After the last ones, the worker has no effect.
    case 'TAKE_STEPS': {
      const reached = () => {
        done();
        isOver = payload.isLast;
      };
      awaited = {step: steps + payload.count, reached};
      event.waitUntil(quiet(false).then(done));
      break;
    }
    // Done when everything has come to its end.
    case 'COME_TO_END':
      event.waitUntil(quiet(true).then(done));
  }
});
