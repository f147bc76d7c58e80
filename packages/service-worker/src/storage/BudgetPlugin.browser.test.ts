import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {type Route, registerRoute} from 'workbox-routing';
import {CacheFirst, type Strategy} from 'workbox-strategies';
import {ResumableCacheFirst} from '../downloads/ResumableCacheFirst.ts';
import {StrictQuotaGuardPlugin} from '../guard/StrictQuotaGuardPlugin.ts';
import {PlainVersionScopePlugin} from '../releases/PlainVersionScopePlugin.ts';
import {Releases} from '../releases/Releases.ts';
import {switchVersion} from '../releases/switchVersion.ts';
import {clearStorage} from '../releases/testing/clearStorage.ts';
import {routedPlugins} from '../worker/routes.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {getOrCreateDefaultRouter} from '../worker/workboxInternals.ts';
import {BudgetPlugin} from './BudgetPlugin.ts';
import {groupsOf} from './Entry.ts';
import {Ledger} from './Ledger.ts';
import {readEntries, writeEntries} from './ledgerRecords.ts';
import type {BudgetPluginOptions, BudgetsOptions} from './options.ts';
import {rebuild} from './rebuild.ts';
import {clearLedger} from './testing/clearLedger.ts';

const HOST = 'https://a.test';

/** One for all tests: callbacks for a full quota stay registered. */
const worker = new WorkerState(routedPlugins);
let routes: Route[];
let requested: string[];
/** What the network answers; it throws where there is none. */
let answer: (url: string) => Response;

beforeEach(() => {
  routes = [];
  requested = [];
  answer = () => bytes(10);
  vi.stubGlobal('fetch', async ({url}: Request) => {
    requested.push(url);
    return answer(url);
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const route of routes) {
    getOrCreateDefaultRouter().unregisterRoute(route);
  }
  await settled();
  await worker.part(Ledger).inTurn(async () => undefined);
  await clearStorage();
  await clearLedger();
  worker.part(Ledger).options = {};
  worker.part(Releases).forget();
});

const bytes = (size: number, headers: Record<string, string> = {'content-length': String(size)}): Response =>
  new Response(new Uint8Array(size), {headers: {'content-type': 'application/octet-stream', ...headers}});

const register = (strategy: Strategy): Strategy => {
  routes.push(registerRoute(/./, strategy));
  return strategy;
};

const guard = (): WorkboxPlugin => new StrictQuotaGuardPlugin({}, worker);

const plain = (options: BudgetPluginOptions = {}, cacheName = 'maps'): Strategy =>
  register(new CacheFirst({cacheName, plugins: [guard(), new BudgetPlugin(options, worker)]}));

const scope = {prefix: 'models', pattern: /\/models\/(?<version>v\d+)\//};

const scoped = (options: BudgetPluginOptions = {}): Strategy =>
  register(
    new CacheFirst({
      plugins: [guard(), new PlainVersionScopePlugin(scope, worker), new BudgetPlugin(options, worker)],
    }),
  );

const ask = async (strategy: Strategy, path: string): Promise<number | undefined> => {
  const [response, done] = strategy.handleAll({
    event: new ExtendableEvent('fetch'),
    request: new Request(HOST + path),
  });
  const body = await response.then(
    (answered) => answered.arrayBuffer(),
    () => undefined,
  );
  await done.catch(() => undefined);
  await settled();
  return body?.byteLength;
};

/** Waits until the ledger has noted what became of everything. */
const settled = (): Promise<unknown> =>
  vi.waitFor(async () => {
    const pending = (await readEntries()).filter(({isPending}) => isPending);
    if (pending.length > 0) {
      throw new Error('pending');
    }
  });

const stored = async (cacheName = 'maps'): Promise<string[]> =>
  (await caches.has(cacheName))
    ? (await (await caches.open(cacheName)).keys()).map(({url}) => url.slice(HOST.length))
    : [];

const total = async (group: 'all' | `route ${string}` | `line ${string}` = 'all') => {
  const entries = (await readEntries()).filter((entry) => groupsOf(entry).includes(group));
  return {bytes: entries.reduce((sum, entry) => sum + entry.bytes, 0), entries: entries.length};
};

describe('a budget of a route', () => {
  it('counts what the route stores', async () => {
    const strategy = plain();
    await ask(strategy, '/a');
    answer = () => bytes(7, {});
    await ask(strategy, '/b');
    expect(await total('route maps')).toEqual({bytes: 17, entries: 2});
    expect(await total()).toEqual({bytes: 17, entries: 2});
  });

  it('counts a file that is stored again once', async () => {
    const strategy = plain();
    await ask(strategy, '/a');
    await (await caches.open('maps')).delete(`${HOST}/a`);
    answer = () => bytes(30);
    await ask(strategy, '/a');
    expect(await total()).toEqual({bytes: 30, entries: 1});
  });

  it('deletes what was not used for longest to make room', async () => {
    const strategy = plain({maxBytes: 30});
    for (const path of ['/a', '/b', '/c']) {
      await ask(strategy, path);
    }
    await ask(strategy, '/a');
    await ask(strategy, '/d');
    expect((await stored()).sort()).toEqual(['/a', '/c', '/d']);
    expect(await total()).toEqual({bytes: 30, entries: 3});
  });

  it('limits how many files there are', async () => {
    const strategy = plain({maxEntries: 2});
    for (const path of ['/a', '/b', '/c', '/d']) {
      await ask(strategy, path);
    }
    expect(await stored()).toEqual(['/c', '/d']);
  });

  it('refuses a file that is larger than all of it, and deletes nothing for it', async () => {
    const strategy = plain({maxBytes: 30});
    await ask(strategy, '/a');
    answer = () => bytes(31);
    expect(await ask(strategy, '/large')).toBe(31);
    expect(await stored()).toEqual(['/a']);
  });

  it('deletes a file that turns out to be larger than all of it', async () => {
    const strategy = plain({maxBytes: 30});
    await ask(strategy, '/a');
    answer = () => bytes(31, {});
    expect(await ask(strategy, '/large')).toBe(31);
    await vi.waitFor(async () => expect(await stored()).toEqual(['/a']));
    expect(await total()).toEqual({bytes: 10, entries: 1});
  });

  it('makes room for a file whose size was not announced once that is known', async () => {
    const strategy = plain({maxBytes: 30});
    for (const path of ['/a', '/b', '/c']) {
      await ask(strategy, path);
    }
    answer = () => bytes(20, {});
    await ask(strategy, '/d');
    await vi.waitFor(async () => expect(await stored()).toEqual(['/c', '/d']));
    expect(await total()).toEqual({bytes: 30, entries: 2});
  });

  it('holds when many files arrive at once', async () => {
    const strategy = plain({maxBytes: 50});
    const paths = Array.from({length: 20}, (_, index) => `/${index}`);
    expect(await Promise.all(paths.map((path) => ask(strategy, path)))).toEqual(paths.map(() => 10));
    expect((await stored()).length).toBeLessThanOrEqual(5);
    expect((await total()).bytes).toBeLessThanOrEqual(50);
  });

  it('leaves pinned routes alone', async () => {
    const pinned = plain({pinned: true}, 'pinned');
    await ask(pinned, '/a');
    worker.part(Ledger).options = {maxBytes: 20};
    const strategy = plain({}, 'maps');
    await ask(strategy, '/b');
    await ask(strategy, '/c');
    expect(await stored('pinned')).toEqual(['/a']);
    expect(await stored()).toEqual(['/c']);
  });

  it('applies to large files in pieces', async () => {
    const strategy = register(
      new ResumableCacheFirst(
        {
          cacheName: 'maps',
          minBytes: 100,
          pieceBytes: 65_536,
          plugins: [guard(), new BudgetPlugin({maxBytes: 1000}, worker)],
        },
        worker,
      ),
    );
    await ask(strategy, '/a');
    answer = () => bytes(995, {'content-length': '995', etag: '"1"'});
    expect(await ask(strategy, '/large')).toBe(995);
    await vi.waitFor(async () => expect(await stored()).toEqual(['/large']));
    answer = () => bytes(1001, {'content-length': '1001', etag: '"1"'});
    expect(await ask(strategy, '/too-large')).toBe(1001);
    expect(await stored()).toEqual(['/large']);
  });

  it('leaves storing to a strategy inside of a function, which it does not see', async () => {
    const hidden = new CacheFirst({
      cacheName: 'maps',
      plugins: [guard(), new BudgetPlugin({maxBytes: 5}, worker)],
    });
    await ask(hidden, '/a');
    expect(await stored()).toEqual(['/a']);
    expect(await caches.has('')).toBe(false);
  });

  it.each(['CacheFirst', 'ResumableCacheFirst'])(
    'stores no error on a route without other plugins: %s',
    async (name) => {
      const options = {cacheName: 'maps', plugins: [new BudgetPlugin({}, worker)]};
      const strategy = register(
        name === 'CacheFirst' ? new CacheFirst(options) : new ResumableCacheFirst(options, worker),
      );
      answer = () => new Response('not here', {status: 404});
      expect(await ask(strategy, '/a')).toBe(8);
      expect(await stored()).toEqual([]);
      expect(await readEntries()).toEqual([]);
    },
  );

  it('keeps accounts apart on a route without other plugins', async () => {
    const strategy = register(new CacheFirst({cacheName: 'maps', plugins: [new BudgetPlugin({}, worker)]}));
    const load = async (headers: Record<string, string>): Promise<void> => {
      const request = new Request(`${HOST}/a`, {headers});
      const [response, done] = strategy.handleAll({event: new ExtendableEvent('fetch'), request});
      await (await response).arrayBuffer();
      await done;
    };
    for (const headers of [{authorization: 'Bearer anna'}, {authorization: 'Bearer bob'}, {}]) {
      await load(headers as Record<string, string>);
    }
    expect(requested).toHaveLength(3);
    await load({authorization: 'Bearer bob'});
    expect(requested).toHaveLength(3);
  });

  it('deletes another file where one cannot be deleted, and does not wait for one whose host is being asked', async () => {
    let answerLate: (response: Response) => void = () => undefined;
    const files = register(
      new ResumableCacheFirst(
        {
          cacheName: 'maps',
          minBytes: 100,
          pieceBytes: 65_536,
          plugins: [guard(), new BudgetPlugin({maxEntries: 2, maxAgeSeconds: 100}, worker)],
        },
        worker,
      ),
    );
    await ask(files, '/a');
    await ask(files, '/b');
    const now = Date.now() + 101_000;
    vi.spyOn(Date, 'now').mockReturnValue(now);
    vi.stubGlobal('fetch', ({url}: Request) =>
      url.endsWith('/a')
        ? new Promise<Response>((resolve) => {
            answerLate = resolve;
          })
        : Promise.resolve(bytes(10)),
    );
    // It is too old, so its host is asked. It is also the one that was not used for longest.
    const late = ask(files, '/a');
    await vi.waitFor(() => expect(answerLate).toHaveLength(1));
    await ask(files, '/c');
    expect((await stored()).sort()).toEqual(['/a', '/c']);
    answerLate(bytes(200, {'content-length': '200', etag: '"1"'}));
    expect(await late).toBe(200);
  });

  it('counts the use of a file for everybody by an account', async () => {
    const strategy = plain({maxEntries: 2});
    await ask(strategy, '/a');
    await ask(strategy, '/b');
    const [response] = strategy.handleAll({
      event: new ExtendableEvent('fetch'),
      request: new Request(`${HOST}/a`, {headers: {authorization: 'Bearer token'}}),
    });
    expect((await (await response).arrayBuffer()).byteLength).toBe(10);
    expect(requested).toHaveLength(2);
    await ask(strategy, '/c');
    expect((await stored()).sort()).toEqual(['/a', '/c']);
  });

  it('tells other plugins of what is stored', async () => {
    const cacheDidUpdate = vi.fn(async () => undefined);
    const strategy = register(
      new CacheFirst({cacheName: 'maps', plugins: [guard(), new BudgetPlugin({}, worker), {cacheDidUpdate}]}),
    );
    await ask(strategy, '/a');
    expect(cacheDidUpdate).toHaveBeenCalledWith(expect.objectContaining({cacheName: 'maps'}));
  });
});

describe('a budget of releases', () => {
  it('deletes a whole old release that nothing uses, and never a part of one', async () => {
    const strategy = scoped({maxBytes: 60});
    for (const path of ['/models/v1/a', '/models/v1/b', '/models/v2/a', '/models/v2/b', '/models/v3/a']) {
      await ask(strategy, path);
    }
    await ask(strategy, '/models/v1/a');
    await ask(strategy, '/models/v3/b');
    await ask(strategy, '/models/v3/c');
    expect(await stored('models-v1')).toEqual(['/models/v1/a', '/models/v1/b']);
    expect(await caches.has('models-v2')).toBe(false);
    expect(await stored('models-v3')).toEqual(['/models/v3/a', '/models/v3/b', '/models/v3/c']);
    expect(await total('line models')).toEqual({bytes: 50, entries: 5});
  });

  it('deletes a file that turns out to be too large, and not its release', async () => {
    const strategy = scoped({maxBytes: 30});
    await ask(strategy, '/models/v1/a');
    answer = () => bytes(31, {});
    expect(await ask(strategy, '/models/v1/large')).toBe(31);
    await vi.waitFor(async () => expect(await stored('models-v1')).toEqual(['/models/v1/a']));
    answer = () => bytes(21, {});
    expect(await ask(strategy, '/models/v1/b')).toBe(21);
    await vi.waitFor(async () => expect(await stored('models-v1')).toEqual(['/models/v1/a']));
    expect(await total()).toEqual({bytes: 10, entries: 1});
  });

  it('keeps the current release, and the one that is kept for a rollback', async () => {
    const strategy = scoped({maxBytes: 30, of: 'line'});
    const how = {client: '', keep: 1, evictNow: false, allowEmpty: false};
    await ask(strategy, '/models/v1/a');
    await switchVersion(worker.part(Releases), 'models', 'v1', how);
    await ask(strategy, '/models/v2/a');
    await switchVersion(worker.part(Releases), 'models', 'v2', how);
    await ask(strategy, '/models/v3/a');
    expect(await ask(strategy, '/models/v4/a')).toBe(10);
    await ask(strategy, '/models/v4/b');
    expect(await stored('models-v1')).toEqual(['/models/v1/a']);
    expect(await stored('models-v2')).toEqual(['/models/v2/a']);
    expect(await caches.has('models-v3')).toBe(false);
    expect(await stored('models-v4')).toEqual(['/models/v4/a']);
  });

  it('leaves the current release as it is where a budget is too small for what is stored', async () => {
    const strategy = scoped();
    await ask(strategy, '/models/v1/a');
    await ask(strategy, '/models/v1/b');
    const how = {client: '', keep: 1, evictNow: false, allowEmpty: false};
    await switchVersion(worker.part(Releases), 'models', 'v1', how);
    await clearLedger();
    worker.part(Ledger).options = {maxBytes: 5};
    await rebuild(worker.part(Ledger));
    expect(await stored('models-v1')).toEqual(['/models/v1/a', '/models/v1/b']);
    expect(await total()).toEqual({bytes: 20, entries: 2});
  });

  it('forgets what a switch deletes', async () => {
    const strategy = scoped();
    for (const version of ['v1', 'v2', 'v3']) {
      await ask(strategy, `/models/${version}/a`);
    }
    const how = {client: '', keep: 0, evictNow: true, allowEmpty: false};
    await switchVersion(worker.part(Releases), 'models', 'v3', how);
    await vi.waitFor(async () => expect(await total()).toEqual({bytes: 10, entries: 1}));
  });
});

describe('a budget of everything', () => {
  const limit = (options: BudgetsOptions): void => {
    worker.part(Ledger).options = options;
  };

  it('deletes old releases first, and then files that belong to none', async () => {
    limit({maxBytes: 40});
    const maps = plain();
    const models = scoped();
    await ask(maps, '/a');
    await ask(maps, '/b');
    await ask(models, '/models/v1/a');
    await ask(models, '/models/v2/a');
    await ask(maps, '/c');
    expect(await caches.has('models-v1')).toBe(false);
    await ask(maps, '/d');
    expect(await caches.has('models-v2')).toBe(false);
    await ask(maps, '/e');
    expect(await stored()).toEqual(['/b', '/c', '/d', '/e']);
  });

  it('gives each namespace its own limits', async () => {
    limit({namespaces: {notes: {maxEntries: 1}, other: {maxBytes: '1 kB'}}});
    const notes = plain({}, 'notes-maps');
    const others = plain({}, 'notesmaps');
    for (const path of ['/a', '/b']) {
      await ask(notes, path);
      await ask(others, path);
    }
    expect(await stored('notes-maps')).toEqual(['/b']);
    expect(await stored('notesmaps')).toEqual(['/a', '/b']);
  });
});

describe('age', () => {
  const later = (seconds: number): void => {
    const now = Date.now() + seconds * 1000;
    vi.spyOn(Date, 'now').mockReturnValue(now);
  };

  it('has a file fetched anew that is too old', async () => {
    const strategy = plain({maxAgeSeconds: 100});
    await ask(strategy, '/a');
    later(99);
    await ask(strategy, '/a');
    expect(requested).toHaveLength(1);
    later(1);
    await ask(strategy, '/a');
    expect(requested).toHaveLength(2);
    await ask(strategy, '/a');
    expect(requested).toHaveLength(2);
  });

  it('differs by media type', async () => {
    const strategy = plain({maxAgeSeconds: {'application/octet-*': 1000, '*': 10}});
    await ask(strategy, '/a');
    answer = () => new Response('text', {headers: {'content-type': 'text/plain', vary: 'accept'}});
    await ask(strategy, '/b.txt');
    later(11);
    await ask(strategy, '/a');
    await ask(strategy, '/b.txt');
    expect(requested.map((url) => url.slice(HOST.length))).toEqual(['/a', '/b.txt', '/b.txt']);
  });

  it('does not count where the network has no answer, for as long as the route says', async () => {
    const strategy = plain({maxAgeSeconds: 100, staleIfErrorSeconds: 50});
    await ask(strategy, '/a');
    answer = () => {
      throw new TypeError('Failed to fetch');
    };
    later(120);
    expect(await ask(strategy, '/a')).toBe(10);
    later(40);
    expect(await ask(strategy, '/a')).toBeUndefined();
  });

  it('stays as it is where a file could not be fetched anew', async () => {
    const strategy = plain({maxAgeSeconds: 100});
    await ask(strategy, '/a');
    later(101);
    vi.spyOn(Cache.prototype, 'put').mockRejectedValueOnce(new TypeError('broken off'));
    await ask(strategy, '/a');
    expect(requested).toHaveLength(2);
    await ask(strategy, '/a');
    expect(requested).toHaveLength(3);
  });

  it('counts for files of releases', async () => {
    const strategy = scoped({maxAgeSeconds: 100});
    await ask(strategy, '/models/v1/a');
    later(101);
    await ask(strategy, '/models/v1/a');
    expect(requested).toHaveLength(2);
    await ask(strategy, '/models/v1/a');
    expect(requested).toHaveLength(2);
  });
});

describe('when storage is full', () => {
  it('room is made, and the file is stored at the second attempt', async () => {
    const {waitUntil} = ExtendableEvent.prototype;
    vi.spyOn(ExtendableEvent.prototype, 'waitUntil').mockImplementation(function (
      this: ExtendableEvent,
      promise,
    ) {
      if (this.type === 'retry') {
        throw new DOMException('Can not call waitUntil on a script constructed event.', 'InvalidStateError');
      }
      return waitUntil.call(this, promise);
    });
    const strategy = plain();
    await ask(strategy, '/a');
    await ask(strategy, '/b');
    const {put} = Cache.prototype;
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, ...args) {
      if ((await this.keys()).length >= 2) {
        throw Object.assign(new Error('full'), {name: 'QuotaExceededError'});
      }
      return put.apply(this, args);
    });
    expect(await ask(strategy, '/c')).toBe(10);
    expect(await stored()).toEqual(['/b', '/c']);
    await vi.waitFor(async () => expect(await total()).toEqual({bytes: 20, entries: 2}));
  });

  it('the page gets its bytes where nothing may go', async () => {
    const strategy = plain({pinned: true});
    await ask(strategy, '/a');
    vi.spyOn(Cache.prototype, 'put').mockRejectedValue({name: 'NS_ERROR_FILE_NO_DEVICE_SPACE'});
    expect(await ask(strategy, '/b')).toBe(10);
    expect(await stored()).toEqual(['/a']);
    expect(await total()).toEqual({bytes: 10, entries: 1});
  });
});

it('what a killed worker was storing is soon counted no longer', async () => {
  await ask(plain(), '/a');
  const place = {cacheName: 'maps', key: `${HOST}/b`};
  const times = {storedAt: Date.now(), usedAt: Date.now()};
  const left = Object.assign({bytes: 10, type: '', route: 'maps', isPending: true}, place, times);
  await writeEntries([place], () => left, {changes: 0, rebuiltAt: Date.now()});
  expect(await total()).toEqual({bytes: 20, entries: 2});
  vi.spyOn(getOrCreateDefaultRouter(), 'handleRequest').mockReturnValue(undefined);
  self.dispatchEvent(new ExtendableEvent('fetch'));
  await vi.waitFor(async () => expect(await total()).toEqual({bytes: 10, entries: 1}), 20_000);
});

it('a key with a secret is not written down, and its file is found and deleted', async () => {
  const strategy = plain({maxEntries: 1});
  const secret = '5ec1e75ec1e75ec1e75ec1e75ec1e7';
  await ask(strategy, `/a?token=${secret}`);
  const entries = await readEntries();
  expect(entries).toMatchObject([{bytes: 10, isPending: false}]);
  expect(JSON.stringify(entries)).not.toContain(secret);
  await ask(strategy, '/b');
  expect(await stored()).toEqual(['/b']);
});

it('a worker that has just started finds one file without reading all of them', async () => {
  await ask(plain(), '/a');
  const getAll = vi.spyOn(IDBObjectStore.prototype, 'getAll');
  const started = new Ledger(new WorkerState());
  expect(await started.find({cacheName: 'maps', key: `${HOST}/a`})).toMatchObject({bytes: 10});
  expect(getAll).not.toHaveBeenCalled();
});
