import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {CacheFirst, NetworkFirst} from 'workbox-strategies';
import {WorkerState} from '../worker/WorkerState.ts';
import {readRecords} from './records.ts';
import {clearRecords} from './testing/clearRecords.ts';
import {VersionScopePlugin} from './VersionScopePlugin.ts';

const scope = {prefix: 'assets', pattern: /\/(?<locale>[a-z]+)\/(?<version>v\d+)\//};
const url = 'https://a.test/en/v1/model';
/** These asked for another asset of the release before. */
const CLIENTS = [...'abcdefgh'];
/** These asked for nothing: their use of the release has to be recorded first. */
const NEW_CLIENTS = [...'ijklmnop'];

let worker: WorkerState;
let plugins: VersionScopePlugin[];
let strategy: CacheFirst;
/** The requests that reached the network, each with functions that answer or fail it. */
let requests: {answer: (response: Response) => void; fail: (error: Error) => void}[];
/** Aborts the requests that are not answered when a test ends. */
let over: AbortController;
/** Each resolves when all that belongs to a request is done. */
let handled: Promise<void>[];
/** How often caches were looked into. */
let lookUps: number;

beforeEach(async () => {
  worker = new WorkerState(() => plugins);
  plugins = [new VersionScopePlugin(scope, worker)];
  strategy = new CacheFirst({plugins});
  requests = [];
  handled = [];
  over = new AbortController();
  const {signal} = over;
  vi.stubGlobal(
    'fetch',
    () =>
      new Promise<Response>((resolve, reject) => {
        signal.throwIfAborted();
        signal.addEventListener('abort', () => reject(signal.reason));
        requests.push({answer: resolve, fail: reject});
      }),
  );
  vi.stubGlobal('clients', {matchAll: async () => [...CLIENTS, ...NEW_CLIENTS].map((id) => ({id}))});

  const seen = 'https://a.test/en/v1/seen';
  await (await caches.open('assets-en-v1')).put(seen, new Response(''));
  await Promise.all(CLIENTS.map((client) => ask(client, new Request(seen))));

  lookUps = 0;
  const match = CacheStorage.prototype.match;
  vi.spyOn(CacheStorage.prototype, 'match').mockImplementation(async function (this: CacheStorage, ...query) {
    const found = await match.apply(this, query);
    lookUps += 1;
    return found;
  });
});

afterEach(async () => {
  vi.useRealTimers();
  // What is still being stored would get into the next test.
  over.abort();
  await Promise.all(handled);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await clearRecords();
  await caches.delete('assets-en-v1');
});

/** Asks as a client. Resolves to its bytes, or to 'nothing' where the request fails. */
const ask = async (clientId: string, request = new Request(url)): Promise<string> => {
  const event = Object.assign(new ExtendableEvent('fetch'), {clientId});
  const [response, done] = strategy.handleAll({event, request});
  handled.push(done.catch(() => undefined));
  return response.then((answer) => answer.text()).catch(() => 'nothing');
};

const askFor = (range: string, clientId: string): Promise<string> =>
  ask(clientId, new Request(url, {headers: {range}}));

/** Asks as several clients. Resolves when all of them have looked, and wait for the network or for another. */
const askAll = async (clientIds: readonly string[]): Promise<{bodies: Promise<string[]>}> => {
  const before = lookUps;
  const bodies = Promise.all(clientIds.map((clientId) => ask(clientId)));
  // Into the strategy's cache, and into that of the release.
  await expect.poll(() => lookUps).toBe(before + 2 * clientIds.length);
  return {bodies};
};

/** Keeps the database busy with one transaction, as a slow disk does. Returns a function that ends it. */
const holdDatabase = async (): Promise<() => void> => {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('holdfast');
    request.onsuccess = () => resolve(request.result);
  });
  let isHeld = true;
  const records = database.transaction('releases', 'readwrite').objectStore('releases');
  const hold = (): void => {
    records.get('nothing').onsuccess = () => (isHeld ? hold() : database.close());
  };
  hold();
  return () => {
    isHeld = false;
  };
};

/** An answer whose body fails in the middle. */
const broken = (): Response =>
  new Response(
    new ReadableStream({
      start: (body) => {
        body.enqueue(new TextEncoder().encode('si'));
        body.error(new TypeError('network error'));
      },
    }),
  );

const requested = (times: number) => vi.waitFor(() => expect(requests).toHaveLength(times));

it('fetches an asset once that several clients ask for at once, and all get it', async () => {
  const {bodies} = await askAll(CLIENTS);
  requests[0]?.answer(new Response('six'));
  expect(await bodies).toEqual(CLIENTS.map(() => 'six'));
  expect(requests).toHaveLength(1);
});

it('fetches an asset once that several new clients ask for at once, after their use is recorded', async () => {
  // However long that takes here: its time limit does not count.
  vi.useFakeTimers({toFake: ['setTimeout']});
  const release = await holdDatabase();
  const {bodies} = await askAll(NEW_CLIENTS);
  expect(requests).toHaveLength(0);
  vi.useRealTimers();
  release();
  await expect.poll(() => readRecords('use')).toHaveLength(CLIENTS.length + NEW_CLIENTS.length);
  await expect.poll(() => requests).toHaveLength(1);
  requests[0]?.answer(new Response('six'));
  expect(await bodies).toEqual(NEW_CLIENTS.map(() => 'six'));
  expect(requests).toHaveLength(1);
});

it.each<[string, () => void]>([
  ['request is aborted', () => requests[0]?.fail(new DOMException('The page is gone.', 'AbortError'))],
  ['answer is cut off', () => requests[0]?.answer(broken())],
])(
  'lets one other request take over when the first one’s %s, and the rest waits',
  async (_what, interrupt) => {
    const first = ask('a');
    await requested(1);
    const {bodies} = await askAll(CLIENTS.slice(1));
    interrupt();
    expect(await first).toBe('nothing');
    await requested(2);
    requests[1]?.answer(new Response('six'));
    expect(await bodies).toEqual(CLIENTS.slice(1).map(() => 'six'));
    expect(requests).toHaveLength(2);
  },
);

it('sends all waiting requests to the network when the first one cannot reach it', async () => {
  const first = ask('a');
  await requested(1);
  const {bodies} = await askAll(['b', 'c']);
  requests[0]?.fail(new TypeError('Failed to fetch'));
  expect(await first).toBe('nothing');
  await requested(3);
  requests[1]?.answer(new Response('six'));
  requests[2]?.answer(new Response('six'));
  expect(await bodies).toEqual(['six', 'six']);
});

it('sends all waiting requests to the network when the first one is answered and not stored', async () => {
  const first = ask('a');
  await requested(1);
  const {bodies} = await askAll(['b', 'c']);
  requests[0]?.answer(new Response('busy', {status: 503}));
  expect(await first).toBe('busy');
  await requested(3);
  requests[1]?.answer(new Response('six'));
  requests[2]?.answer(new Response('six'));
  expect(await bodies).toEqual(['six', 'six']);
});

it('lets no request for a range wait, and no other wait for it', async () => {
  const range = askFor('bytes=0-0', 'a');
  await requested(1);
  const complete = ask('b');
  await requested(2);
  const other = askFor('bytes=1-1', 'c');
  await requested(3);
  const partial = (body: string) => new Response(body, {status: 206});
  requests[0]?.answer(partial('s'));
  requests[2]?.answer(partial('i'));
  expect(await Promise.all([range, other])).toEqual(['s', 'i']);
  requests[1]?.answer(new Response('six'));
  expect(await complete).toBe('six');
});

it('lets no strategy wait that asks the network first', async () => {
  const first = ask('a');
  await requested(1);
  const [response, done] = new NetworkFirst({plugins}).handleAll({
    event: new ExtendableEvent('fetch'),
    request: new Request(url),
  });
  await requested(2);
  requests[1]?.answer(new Response('newer'));
  expect(await (await response).text()).toBe('newer');
  await done;
  requests[0]?.answer(new Response('six'));
  expect(await first).toBe('six');
});
