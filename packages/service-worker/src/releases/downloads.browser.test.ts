import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {CacheFirst, NetworkFirst} from 'workbox-strategies';
import {forgetLines} from './dropCaches.ts';
import {VersionScopePlugin} from './index.ts';
import {readRecords} from './state.ts';

const scope = {prefix: 'assets', pattern: /\/(?<locale>[a-z]+)\/(?<version>v\d+)\//};
/** They have asked for another asset of the release before. */
const CLIENTS = [...'abcdefgh'];
/** They have not asked for anything: that they use the release has to be written down first. */
const NEW_CLIENTS = [...'ijklmnop'];

/** Another one for each test: what is under way is known to the whole worker. */
let url: string;
/** The requests that have reached the network, each with what answers or breaks it. */
let requests: {answer: (response: Response) => void; fail: (error: Error) => void}[];
/** Breaks off what has not been answered when a test is over. */
let over: AbortController;
/** Each is over when all that belongs to a request is done. */
let handled: Promise<void>[];
/** Caches that have been looked into. */
let lookUps: number;

beforeEach(async () => {
  url = `https://a.test/en/v1/${crypto.randomUUID()}`;
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
  // What is still being stored would come into the next test.
  over.abort();
  await Promise.all(handled);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await forgetLines(() => true);
  await caches.delete('assets-en-v1');
});

const plugins = [new VersionScopePlugin(scope)];
const strategy = new CacheFirst({plugins});

/** A client asks. @returns its bytes, or that it gets none. */
const ask = async (clientId: string, request = new Request(url)): Promise<string> => {
  const event = Object.assign(new ExtendableEvent('fetch'), {clientId});
  const [response, done] = strategy.handleAll({event, request});
  handled.push(done.catch(() => undefined));
  return response.then((answer) => answer.text()).catch(() => 'nothing');
};

const askFor = (range: string, clientId: string): Promise<string> =>
  ask(clientId, new Request(url, {headers: {range}}));

/** Several clients ask. @returns once all of them have looked and wait: for the network, or for another. */
const askAll = async (clientIds: readonly string[]): Promise<{bodies: Promise<string[]>}> => {
  const before = lookUps;
  const bodies = Promise.all(clientIds.map((clientId) => ask(clientId)));
  // Into the strategy's cache, and into that of the release.
  await expect.poll(() => lookUps).toBe(before + 2 * clientIds.length);
  return {bodies};
};

/** Keeps the database busy with one transaction, as a slow disk does. @returns what lets it go. */
const holdDatabase = async (): Promise<() => void> => {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const request = indexedDB.open('holdfast-version-scope');
    request.onsuccess = () => resolve(request.result);
  });
  let isHeld = true;
  const records = database.transaction('state', 'readwrite').objectStore('state');
  const hold = (): void => {
    records.get('nothing').onsuccess = () => (isHeld ? hold() : database.close());
  };
  hold();
  return () => {
    isHeld = false;
  };
};

/** A body that breaks off in the middle. */
const breakingOff = (): Response =>
  new Response(
    new ReadableStream({
      start: (body) => {
        body.enqueue(new TextEncoder().encode('si'));
        body.error(new TypeError('network error'));
      },
    }),
  );

const requested = (times: number) => vi.waitFor(() => expect(requests).toHaveLength(times));

it('an asset that several clients ask for at once is fetched once, and all get it', async () => {
  const {bodies} = await askAll(CLIENTS);
  requests[0]?.answer(new Response('six'));
  expect(await bodies).toEqual(CLIENTS.map(() => 'six'));
  expect(requests).toHaveLength(1);
});

it('an asset that several new clients ask for at once is fetched once, when their use is written down', async () => {
  // However long that takes here: the limit to it does not count.
  vi.useFakeTimers({toFake: ['setTimeout']});
  const letGo = await holdDatabase();
  const {bodies} = await askAll(NEW_CLIENTS);
  expect(requests).toHaveLength(0);
  vi.useRealTimers();
  letGo();
  await expect.poll(() => readRecords('use')).toHaveLength(CLIENTS.length + NEW_CLIENTS.length);
  await expect.poll(() => requests).toHaveLength(1);
  requests[0]?.answer(new Response('six'));
  expect(await bodies).toEqual(NEW_CLIENTS.map(() => 'six'));
  expect(requests).toHaveLength(1);
});

it.each<[string, () => void]>([
  ['request is broken off', () => requests[0]?.fail(new DOMException('The page has gone.', 'AbortError'))],
  ['answer breaks off', () => requests[0]?.answer(breakingOff())],
])('one other takes over when the first one’s %s, and the rest waits for that', async (_what, breakOff) => {
  const first = ask('a');
  await requested(1);
  const {bodies} = await askAll(CLIENTS.slice(1));
  breakOff();
  expect(await first).toBe('nothing');
  await requested(2);
  requests[1]?.answer(new Response('six'));
  expect(await bodies).toEqual(CLIENTS.slice(1).map(() => 'six'));
  expect(requests).toHaveLength(2);
});

it('all who wait go to the network by themselves when the first one cannot reach it', async () => {
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

it('all who wait go to the network by themselves when it was answered and not stored', async () => {
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

it('a request for a part waits for nobody, and nobody waits for it', async () => {
  const part = askFor('bytes=0-0', 'a');
  await requested(1);
  const whole = ask('b');
  await requested(2);
  const other = askFor('bytes=1-1', 'c');
  await requested(3);
  const partial = (body: string) => new Response(body, {status: 206});
  requests[0]?.answer(partial('s'));
  requests[2]?.answer(partial('i'));
  expect(await Promise.all([part, other])).toEqual(['s', 'i']);
  requests[1]?.answer(new Response('six'));
  expect(await whole).toBe('six');
});

it('a strategy that asks the network first is not kept waiting', async () => {
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
