import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {CacheFirst} from 'workbox-strategies';
import {EVENT_CHANNEL, type WorkerEvent} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {dropCaches} from './dropCaches.ts';
import {type Pin, pinOf} from './pinRequest.ts';
import {Releases} from './Releases.ts';
import {changeRecords, readRecords} from './records.ts';
import {store} from './store.ts';
import {type SwitchOptions, switchVersion} from './switchVersion.ts';
import {clearStorage} from './testing/clearStorage.ts';
import {nothingStaged} from './testing/nothingStaged.ts';
import {recordCaches} from './testing/recordCaches.ts';
import {VersionScopePlugin} from './VersionScopePlugin.ts';

const LINE = 'assets-en';
const scope = {prefix: 'assets', pattern: /\/(?<locale>[a-z]+)\/(?:(?<version>v\d+)\/)?[\w.]+$/};
const latest = 'https://a.test/en/model';
const modelOf = (version: string): string => `https://a.test/en/${version}/model`;
const cacheOf = (version: string): string => `${LINE}-${version}`;

interface TestWorker {
  releases: Releases;
  /** Asks as a client, and resolves to the answer when all that belongs to the request is done. */
  get(url: string, clientId: string): Promise<string>;
}

/** The worker that answers the pages, and another one of the same origin: a waiting one, or another scope's. */
let worker: TestWorker;
let other: Releases;
/** The clients that the browser knows. */
let present: string[];
/** What the network answers. */
let network: (request: Request) => Promise<Response>;
let events: WorkerEvent[];
let channel: BroadcastChannel;

const startWorker = (): TestWorker => {
  const state: WorkerState = new WorkerState(() => plugins);
  const plugins = [new VersionScopePlugin(scope, state)];
  const strategy = new CacheFirst({plugins});
  const get = async (url: string, clientId: string): Promise<string> => {
    present = [...new Set([...present, clientId])];
    const held: Promise<unknown>[] = [];
    const waitUntil = (promise: Promise<unknown>) => held.push(promise.catch(() => undefined));
    const event = Object.assign(new ExtendableEvent('fetch'), {clientId, waitUntil});
    const [response, done] = strategy.handleAll({event, request: new Request(url)});
    const body = await (await response).text();
    await done;
    await Promise.all(held);
    return body;
  };
  return {releases: state.part(Releases), get};
};

beforeEach(() => {
  present = [];
  network = async ({url}) => new Response(`${url} of the network`);
  events = [];
  channel = new BroadcastChannel(EVENT_CHANNEL);
  channel.onmessage = ({data}) => events.push(data);
  vi.stubGlobal('fetch', (request: Request) => network(request));
  vi.stubGlobal('clients', {matchAll: async () => present.map((id) => ({id}))});
  worker = startWorker();
  other = startWorker().releases;
});

afterEach(async () => {
  channel.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await clearStorage();
});

const switchOther = (version: string, options: Partial<SwitchOptions> = {}) =>
  switchVersion(other, LINE, version, {client: '', keep: 0, evictNow: false, allowEmpty: true, ...options});

/** Puts a file into the cache of a release, under its URLs with and without a version. */
const fill = async (version: string): Promise<void> => {
  await recordCaches(LINE, version);
  const cache = await caches.open(cacheOf(version));
  await cache.put(modelOf(version), new Response(version));
  await cache.put(latest, new Response(version));
};

const stored = async (version: string): Promise<string | undefined> =>
  (await caches.match(modelOf(version), {cacheName: cacheOf(version)}))?.text();

/** A page asks for something, so that the worker knows it. It uses no release. */
const openPage = async (client: string): Promise<void> => {
  await worker.get('https://a.test/', client);
  // No page waits for this look; the tests count on it.
  await worker.releases.currentVersions.look(client);
};

describe('a switch by another worker', () => {
  beforeEach(async () => {
    await fill('v1');
    await fill('v2');
    await switchVersion(worker.releases, LINE, 'v1', {
      client: '',
      keep: 1,
      evictNow: false,
      allowEmpty: true,
    });
    // It deletes the caches of the line's other releases. This one is used by a page.
    await fill('v2');
    present = ['loader'];
    await changeRecords((change) => change.addUse(LINE, 'loader', 'v2', false));
  });

  it('is noticed at the first request of a new page', async () => {
    expect(await worker.get(latest, 'first')).toBe('v1');
    await switchOther('v2', {keep: 1});
    expect(await worker.get(latest, 'second')).toBe('v2');
  });

  it('leaves a page with the release that it uses', async () => {
    expect(await worker.get(latest, 'first')).toBe('v1');
    await switchOther('v2', {keep: 1});
    await worker.get(latest, 'second');
    expect(await worker.get(latest, 'first')).toBe('v1');
  });

  it('is noticed by a page that is open and uses no release yet, after a new page came', async () => {
    await openPage('first');
    await switchOther('v2', {keep: 1});
    await openPage('second');
    expect(await worker.get(latest, 'first')).toBe('v2');
  });

  it('forgets what this worker knows of staged releases', async () => {
    const forget = vi.fn();
    worker.releases.staged = {...nothingStaged, forget};
    await openPage('first');
    expect(forget).not.toHaveBeenCalled();
    await switchOther('v2');
    await openPage('second');
    expect(forget).toHaveBeenCalledOnce();
  });

  it('costs later requests of a page no look into the records', async () => {
    await worker.get(latest, 'first');
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
    await worker.get(latest, 'first');
    await worker.get(modelOf('v1'), 'first');
    expect(transaction).not.toHaveBeenCalled();
  });

  it('is noticed where storage did not answer before', async () => {
    await openPage('first');
    await switchOther('v2', {keep: 1});
    const failing = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('Unexpected internal error.', 'UnknownError');
    });
    expect(await worker.get(latest, 'second')).toBe('v1');
    failing.mockRestore();
    expect(await worker.get(latest, 'third')).toBe('v2');
  });
});

/** Begins to store a file of `v1`. Its body ends when the returned function is called. */
const beginPut = async () => {
  // As a request or a stage does: what was evicted until now does not concern it.
  await worker.releases.evictions.refresh();
  const pin: Pin = pinOf(worker.releases, modelOf('v1'), LINE, 'v1');
  let finish = (): void => undefined;
  const body = new ReadableStream({
    start: (sender) => {
      sender.enqueue(new TextEncoder().encode('six'));
      finish = () => sender.close();
    },
  });
  const outcome = store(worker.releases, pin, {response: new Response(body), failure: () => undefined});
  await vi.waitFor(async () => {
    expect(worker.releases.pendingPuts.has(cacheOf('v1'))).toBe(true);
    expect(await caches.has(cacheOf('v1'))).toBe(true);
  });
  return {outcome, finish};
};

describe('a put that is in progress', () => {
  it('does not count as stored when another worker deletes the cache of its release', async () => {
    await (await caches.open(cacheOf('v1'))).put('https://a.test/en/v1/labels', new Response('labels'));
    const {outcome, finish} = await beginPut();
    await fill('v2');
    expect((await switchOther('v2')).evicted).toEqual(['v1']);
    // Another request may have made it anew.
    await caches.open(cacheOf('v1'));
    finish();
    expect(await outcome).toBe('release-evicted');
    expect(await stored('v1')).toBeUndefined();
    await vi.waitFor(() =>
      expect(events).toContainEqual({
        type: 'ASSET_NOT_STORED',
        payload: {key: modelOf('v1'), cacheName: cacheOf('v1'), reason: 'release-evicted'},
      }),
    );
  });

  it('does not count as stored when another worker evicts its release and leaves its cache', async () => {
    const {outcome, finish} = await beginPut();
    // As where the record could not be written: a cache that is not recorded may belong to another library.
    await changeRecords((change) => change.delete('cache', {line: LINE, version: 'v1'}));
    await fill('v2');
    expect((await switchOther('v2')).evicted).toEqual([]);
    finish();
    expect(await outcome).toBe('release-evicted');
    expect(await caches.has(cacheOf('v1'))).toBe(false);
  });

  it('does not count as stored when another worker drops all caches', async () => {
    const {outcome, finish} = await beginPut();
    await dropCaches(other);
    finish();
    expect(await outcome).toBe('release-evicted');
    expect(await stored('v1')).toBeUndefined();
  });

  it('counts as stored when another worker keeps its release', async () => {
    await fill('v0');
    await (await caches.open(cacheOf('v1'))).put('https://a.test/en/v1/labels', new Response('labels'));
    await recordCaches(LINE, 'v1');
    const {outcome, finish} = await beginPut();
    expect((await switchOther('v1')).evicted).toEqual(['v0']);
    finish();
    expect(await outcome).toBeInstanceOf(Response);
    expect(await stored('v1')).toBe('six');
  });

  it('counts as stored when another worker evicts releases of another line', async () => {
    const {outcome, finish} = await beginPut();
    await recordCaches('assets-de', 'v1', 'v2');
    for (const version of ['v1', 'v2']) {
      const german = `https://a.test/de/${version}/model`;
      await (await caches.open(`assets-de-${version}`)).put(german, new Response(version));
    }
    const options = {client: '', keep: 0, evictNow: false, allowEmpty: false};
    expect((await switchVersion(other, 'assets-de', 'v2', options)).evicted).toEqual(['v1']);
    finish();
    expect(await outcome).toBeInstanceOf(Response);
    expect(await stored('v1')).toBe('six');
  });

  it('counts as stored where the records cannot be read, if its cache is left', async () => {
    const {outcome, finish} = await beginPut();
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('Unexpected internal error.', 'UnknownError');
    });
    finish();
    expect(await outcome).toBeInstanceOf(Response);
    expect(await stored('v1')).toBe('six');
  });

  it('of a request does not count as stored when another worker evicts its release', async () => {
    await openPage('page');
    let answer: (response: Response) => void = () => undefined;
    network = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const fetched = vi.spyOn(globalThis, 'fetch');
    const getting = worker.get(modelOf('v1'), 'page');
    await vi.waitFor(() => expect(fetched).toHaveBeenCalled());
    await fill('v2');
    await switchOther('v2', {evictNow: true});
    answer(new Response('six'));
    expect(await getting).toBe('six');
    expect(await caches.has(cacheOf('v1'))).toBe(false);
  });
});

describe('a release that another worker evicted', () => {
  it('is stored again for a new page that asks for its files by their version', async () => {
    await openPage('first');
    await fill('v1');
    await fill('v2');
    await switchOther('v2');
    expect(await caches.has(cacheOf('v1'))).toBe(false);
    network = async () => new Response('six');
    // A page asks for several files before the first answer.
    const labels = 'https://a.test/en/v1/labels';
    const answers = [worker.get(modelOf('v1'), 'second'), worker.get(labels, 'second')];
    expect(await Promise.all(answers)).toEqual(['six', 'six']);
    expect(await stored('v1')).toBe('six');
    expect(await caches.match(labels, {cacheName: cacheOf('v1')})).toBeDefined();
    expect(await readRecords('use', LINE)).toEqual([
      {line: LINE, client: 'second', pinned: undefined, used: ['v1']},
    ]);
  });
});

describe('forged messages on the channel', () => {
  const FORGED: unknown[] = [
    {type: 'RELEASES_EVICTED'},
    {type: 'RELEASES_EVICTED', payload: null},
    {type: 'RELEASES_EVICTED', payload: {line: LINE, evicted: ['v1'], kept: []}},
    {type: 'CACHES_DROPPED'},
    {type: 'CACHES_DROPPED', payload: {dropped: [cacheOf('v1')]}},
    {type: 'VERSION_SWITCHED', payload: {line: LINE, version: 'v2'}},
    {type: 'ASSET_NOT_STORED'},
    {},
    null,
    undefined,
    'CACHES_DROPPED',
    7,
  ];

  let forger: BroadcastChannel;
  let errors: ErrorEvent[];
  const onError = (event: ErrorEvent): void => {
    errors.push(event);
  };

  beforeEach(() => {
    forger = new BroadcastChannel(EVENT_CHANNEL);
    errors = [];
    addEventListener('error', onError);
  });

  afterEach(() => {
    forger.close();
    removeEventListener('error', onError);
  });

  /** Sends them, and waits until they have arrived at every channel. */
  const forge = async (): Promise<void> => {
    const last = {type: 'the last one'};
    for (const message of [...FORGED, last]) {
      forger.postMessage(message);
    }
    await vi.waitFor(() => expect(events).toContainEqual(last));
    await new Promise((resolve) => setTimeout(resolve));
  };

  it('change no current version', async () => {
    await fill('v1');
    await switchVersion(worker.releases, LINE, 'v1', {
      client: '',
      keep: 1,
      evictNow: false,
      allowEmpty: true,
    });
    await openPage('first');
    const before = worker.releases.currentVersions.changes;
    await forge();
    expect(worker.releases.currentVersions.changes).toBe(before);
    expect(worker.releases.evictions.count).toBe(1);
    expect(await worker.get(latest, 'first')).toBe('v1');
    expect(await worker.get(latest, 'second')).toBe('v1');
    expect(await caches.has(cacheOf('v1'))).toBe(true);
    expect(errors).toEqual([]);
  });

  it('do not void a put that is in progress', async () => {
    const {outcome, finish} = await beginPut();
    await forge();
    finish();
    expect(await outcome).toBeInstanceOf(Response);
    expect(await stored('v1')).toBe('six');
    expect(errors).toEqual([]);
  });

  it('do not void a request that is in progress', async () => {
    let answer: (response: Response) => void = () => undefined;
    network = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const fetched = vi.spyOn(globalThis, 'fetch');
    const getting = worker.get(modelOf('v1'), 'page');
    await vi.waitFor(() => expect(fetched).toHaveBeenCalled());
    await forge();
    answer(new Response('six'));
    expect(await getting).toBe('six');
    expect(await stored('v1')).toBe('six');
    expect(errors).toEqual([]);
  });
});
