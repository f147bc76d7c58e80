import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {type Route, registerRoute} from 'workbox-routing';
import {CacheFirst, type Strategy} from 'workbox-strategies';
import {StrictQuotaGuardPlugin} from '../../guard/StrictQuotaGuardPlugin.ts';
import {accountOf, partitionKey} from '../../http/partition.ts';
import {PlainVersionScopePlugin} from '../../releases/PlainVersionScopePlugin.ts';
import {Releases} from '../../releases/Releases.ts';
import {switchVersion} from '../../releases/switchVersion.ts';
import {clearStorage as clearAll} from '../../releases/testing/clearStorage.ts';
import {routedPlugins} from '../../worker/routes.ts';
import {WorkerState} from '../../worker/WorkerState.ts';
import {getOrCreateDefaultRouter} from '../../worker/workboxInternals.ts';
import {BudgetPlugin} from '../BudgetPlugin.ts';
import {accountFor} from '../budgets.ts';
import {Ledger} from '../Ledger.ts';
import {readEntries} from '../ledgerRecords.ts';
import {clearLedger} from '../testing/clearLedger.ts';
import {clearStorage} from './clearStorage.ts';
import {Outcomes} from './Outcomes.ts';
import {Statistics} from './Statistics.ts';
import {usageOf} from './usageOf.ts';

const HOST = 'https://a.test';
const worker = new WorkerState(routedPlugins);

let routes: Route[];
let maps: Strategy;
let models: Strategy;
let answer: () => Response;

beforeEach(() => {
  routes = [];
  answer = () =>
    new Response(new Uint8Array(10), {headers: {'content-type': 'model/onnx', 'content-length': '10'}});
  vi.stubGlobal('fetch', async () => answer());
  vi.stubGlobal('clients', {matchAll: async () => []});
  maps = new CacheFirst({
    cacheName: 'notes-maps',
    plugins: [new StrictQuotaGuardPlugin({}, worker), new BudgetPlugin({maxBytes: '1 kB'}, worker)],
  });
  models = new CacheFirst({
    plugins: [
      new StrictQuotaGuardPlugin({}, worker),
      new PlainVersionScopePlugin({prefix: 'models', pattern: /\/models\/(?<version>v\d+)\//}, worker),
    ],
  });
  routes.push(registerRoute(({url}) => url.pathname.startsWith('/maps/'), maps));
  routes.push(registerRoute(({url}) => url.pathname.startsWith('/models/'), models));
  worker.part(Ledger).options = {namespaces: {notes: {maxEntries: 20}}};
  accountFor(worker);
  worker.part(Outcomes).watch();
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const route of routes) {
    getOrCreateDefaultRouter().unregisterRoute(route);
  }
  await clearAll();
  await worker.part(Statistics).read();
  await clearLedger();
  worker.part(Releases).forget();
});

const ask = async (strategy: Strategy, path: string): Promise<void> => {
  const [response, done] = strategy.handleAll({
    event: new ExtendableEvent('fetch'),
    request: new Request(HOST + path),
  });
  await (await response).arrayBuffer();
  await done;
};

const fill = async (): Promise<void> => {
  await ask(maps, '/maps/a');
  await ask(maps, '/maps/b');
  for (const version of ['v1', 'v2']) {
    await ask(models, `/models/${version}/a`);
  }
  await vi.waitFor(async () => {
    const entries = await readEntries();
    expect(entries.filter(({isPending}) => !isPending)).toHaveLength(4);
  });
};

const keys = async (): Promise<string[]> =>
  (await readEntries()).map(({key}) => key.slice(HOST.length)).sort();

const clear = (payload: object) => clearStorage(worker, {...payload}, new ExtendableEvent('message'));

describe('usage', () => {
  it('lists everything, and what belongs to a namespace, a route, a line and a release', async () => {
    await fill();
    const {groups} = await usageOf(worker);
    const listed = groups.map(({kind, name, entries, bytes}) => ({kind, name, entries, bytes}));
    expect(listed).toEqual(
      expect.arrayContaining([
        {kind: 'all', name: '', entries: 4, bytes: 40},
        {kind: 'namespace', name: 'notes', entries: 2, bytes: 20},
        {kind: 'route', name: 'notes-maps', entries: 2, bytes: 20},
        {kind: 'route', name: 'models', entries: 2, bytes: 20},
        {kind: 'line', name: 'models', entries: 2, bytes: 20},
        {kind: 'release', name: 'models-v1', entries: 1, bytes: 10},
        {kind: 'release', name: 'models-v2', entries: 1, bytes: 10},
      ]),
    );
    expect(listed).toHaveLength(7);
    expect(groups.find(({name}) => name === 'notes-maps')).toMatchObject({maxBytes: 1000, maxEntries: null});
    expect(groups.find(({name}) => name === 'notes')).toMatchObject({maxBytes: null, maxEntries: 20});
    const [all] = groups;
    expect(all?.oldest).toBeLessThanOrEqual(all?.newest ?? 0);
  });

  it('has the limits of everything and of a namespace while nothing is stored', async () => {
    worker.part(Ledger).options = {maxBytes: '2 MB', namespaces: {notes: {maxEntries: 20}}};
    const {groups} = await usageOf(worker);
    expect(groups.find(({kind}) => kind === 'all')).toMatchObject({entries: 0, maxBytes: 2_000_000});
    expect(groups.find(({name}) => name === 'notes')).toMatchObject({entries: 0, maxEntries: 20});
  });

  it('says what each group belongs to, and what clear() takes for it', async () => {
    await fill();
    const {groups} = await usageOf(worker);
    const told = groups.map(({name, route, line, selection}) => ({name, route, line, selection}));
    expect(told).toEqual(
      expect.arrayContaining([
        {name: '', route: null, line: null, selection: {}},
        {name: 'notes', route: null, line: null, selection: {namespace: 'notes'}},
        {name: 'notes-maps', route: null, line: null, selection: {route: 'notes-maps'}},
        {name: 'models', route: 'models', line: null, selection: {line: {name: 'models'}}},
        {
          name: 'models-v1',
          route: 'models',
          line: 'models',
          selection: {release: {line: {name: 'models'}, version: 'v1'}},
        },
      ]),
    );
  });

  it('counts hits, misses, what they saved, and why something was not stored', async () => {
    await fill();
    await ask(maps, '/maps/a');
    await ask(maps, '/maps/a');
    answer = () => new Response('no', {status: 404});
    await ask(maps, '/maps/missing');
    await vi.waitFor(async () => {
      const {groups} = await usageOf(worker);
      expect(groups.find(({name}) => name === 'notes')).toMatchObject({
        hits: 2,
        misses: 3,
        savedBytes: 20,
        refusals: {status: 1},
      });
    });
  });

  it('counts nothing of a route without plugins of ours', async () => {
    const plain = new CacheFirst({cacheName: 'plain'});
    routes.push(registerRoute(({url}) => url.pathname.startsWith('/plain/'), plain));
    worker.part(Outcomes).watch();
    await ask(plain, '/plain/a');
    await ask(maps, '/maps/a');
    await vi.waitFor(async () => {
      const {groups} = await usageOf(worker);
      expect(groups.find(({kind}) => kind === 'all')?.misses).toBe(1);
      expect(groups.find(({name}) => name === 'plain')).toBeUndefined();
    });
    await caches.delete('plain');
  });

  it('finds what is stored and not in the ledger, and forgets what is gone', async () => {
    await fill();
    await clearLedger();
    await (await caches.open('notes-maps')).delete(`${HOST}/maps/a`);
    const [all] = (await usageOf(worker)).groups;
    expect(all).toMatchObject({kind: 'all', entries: 3, bytes: 30});
    await caches.delete('models-v1');
    await (await caches.open('notes-maps')).delete(`${HOST}/maps/b`);
    expect((await usageOf(worker)).groups[0]).toMatchObject({entries: 1, bytes: 10});
  });

  it('says what would go next', async () => {
    await fill();
    expect((await usageOf(worker)).next).toEqual({release: 'models-v1', key: null, entries: 1, bytes: 10});
    await caches.delete('models-v1');
    await caches.delete('models-v2');
    expect((await usageOf(worker)).next).toEqual({
      release: null,
      key: `${HOST}/maps/a`,
      entries: 1,
      bytes: 10,
    });
  });
});

describe('clear', () => {
  beforeEach(fill);

  it.each<[string, object, string[]]>([
    ['a URL', {url: `${HOST}/maps/a`}, ['/maps/b', '/models/v1/a', '/models/v2/a']],
    ['a text with stars', {pattern: '*/a'}, ['/maps/b']],
    ['a RegExp', {pattern: /maps/g}, ['/models/v1/a', '/models/v2/a']],
    ['a release', {release: {line: {name: 'models'}, version: 'v1'}}, ['/maps/a', '/maps/b', '/models/v2/a']],
    ['a line', {line: {name: 'models'}}, ['/maps/a', '/maps/b']],
    ['a route', {route: 'notes-maps'}, ['/models/v1/a', '/models/v2/a']],
    ['a route of releases', {route: 'models'}, ['/maps/a', '/maps/b']],
    ['a namespace', {namespace: 'notes'}, ['/models/v1/a', '/models/v2/a']],
    ['everything', {}, []],
  ])('deletes %s, and says how much that was', async (_what, selection, left) => {
    const gone = 4 - left.length;
    expect(await clear(selection)).toEqual({entries: gone, bytes: gone * 10});
    expect(await keys()).toEqual(left);
    const names = await caches.keys();
    const stored = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    expect(
      stored
        .flat()
        .map(({url}) => url.slice(HOST.length))
        .sort(),
    ).toEqual(left);
  });

  it('deletes what is stored for an account alone, by its name', async () => {
    const key = partitionKey(`${HOST}/maps/a`, await accountOf('name anna'));
    const other = partitionKey(`${HOST}/maps/a`, await accountOf('name bob'));
    for (const one of [key, other]) {
      await (await caches.open('notes-maps')).put(one, new Response('private'));
    }
    expect(await clear({account: 'anna'})).toEqual({entries: 1, bytes: 7});
    const left = (await (await caches.open('notes-maps')).keys()).map(({url}) => url);
    expect(left).toEqual([`${HOST}/maps/a`, `${HOST}/maps/b`, other]);
  });

  it('deletes nothing of a namespace with a longer name', async () => {
    worker.part(Ledger).options = {namespaces: {notes: {}, 'notes-maps': {}}};
    expect(await clear({namespace: 'notes'})).toEqual({entries: 0, bytes: 0});
    expect(await clear({namespace: 'notes-maps'})).toEqual({entries: 2, bytes: 20});
  });

  it('deletes also the current release, if a page says so', async () => {
    const how = {client: '', keep: 1, evictNow: false, allowEmpty: false};
    await switchVersion(worker.part(Releases), 'models', 'v2', how);
    expect(await clear({release: {line: {name: 'models'}, version: 'v2'}})).toEqual({entries: 1, bytes: 10});
    expect(await caches.has('models-v2')).toBe(false);
    expect(await caches.has('models-v1')).toBe(true);
  });

  it('leaves caches of others alone', async () => {
    await (await caches.open('others')).put(`${HOST}/maps/a`, new Response('theirs'));
    await clear({});
    expect(await caches.has('others')).toBe(true);
  });

  it.each<[object, string]>([
    [{url: ''}, 'payload.url must be a non-empty string'],
    [{pattern: 7}, 'payload.pattern must be a non-empty string, but got 7'],
    [{line: {name: 'nothing'}}, 'no route has the line'],
    [{release: {line: {name: 'models'}}}, 'payload.release.version must be a non-empty string'],
    [{namespace: 3}, 'payload.namespace must be a non-empty string, but got 3'],
    [{url: HOST, namespace: 'a'}, 'payload must have one of'],
    [{everything: true}, 'payload must have one of'],
  ])('refuses %o with the reason', async (selection, message) => {
    await expect(clear(selection)).rejects.toThrow(message);
    expect(await keys()).toHaveLength(4);
  });
});
