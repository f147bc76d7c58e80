import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {CacheFirst} from 'workbox-strategies';
import {EVENT_CHANNEL, type StoreFailure, type WorkerEvent} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {dropCaches} from './dropCaches.ts';
import type {Pin} from './pinRequest.ts';
import {Releases, type StagedReleases} from './Releases.ts';
import {switchVersion} from './switchVersion.ts';
import {clearRecords} from './testing/clearRecords.ts';
import {nothingStaged} from './testing/nothingStaged.ts';
import {VersionScopePlugin} from './VersionScopePlugin.ts';

const scope = {prefix: 'assets', pattern: /\/(?<locale>[a-z]+)\/(?:(?<version>v\d+)\/)?[\w.]+$/};
const CACHE = 'assets-en-v1';
const url = 'https://a.test/en/v1/places.sqlite';

let releases: Releases;
let strategy: CacheFirst;
let fetched: number;
let events: WorkerEvent[];
let channel: BroadcastChannel;

beforeEach(() => {
  const worker: WorkerState = new WorkerState(() => plugins);
  const plugins = [new VersionScopePlugin(scope, worker)];
  releases = worker.part(Releases);
  strategy = new CacheFirst({plugins});
  fetched = 0;
  events = [];
  channel = new BroadcastChannel(EVENT_CHANNEL);
  channel.onmessage = ({data}) => events.push(data);
  vi.stubGlobal('fetch', async () => {
    fetched += 1;
    return new Response('from the network');
  });
});

afterEach(async () => {
  channel.close();
  vi.unstubAllGlobals();
  await clearRecords();
  await caches.delete(CACHE);
  await caches.delete('assets-en-v2');
});

/** Replaces some of what a worker knows of staged releases, which is else nothing. */
const setStaged = (some: Partial<StagedReleases>): void => {
  releases.staged = {...nothingStaged, ...some};
};

const switchTo = (version: string) =>
  switchVersion(releases, 'assets-en', version, {client: '', keep: 1, evictNow: false, allowEmpty: true});

/** Returns what the page gets, when all that belongs to the request is done. */
const get = async (
  init?: RequestInit,
  asset = url,
  clientId = '',
): Promise<{status: number; body: string}> => {
  const event = Object.assign(new ExtendableEvent('fetch'), {clientId});
  const [response, done] = strategy.handleAll({event, request: new Request(asset, init)});
  const {status} = await response;
  const body = await (await response).text();
  await done;
  return {status, body};
};

const stored = async (): Promise<string | undefined> => (await caches.match(url, {cacheName: CACHE}))?.text();

describe('an asset that is kept elsewhere than in the cache', () => {
  it('answers a request that misses the cache', async () => {
    const asked: Pin[] = [];
    setStaged({
      find: async (pin) => {
        asked.push(pin);
        return new Response('from a file');
      },
    });
    expect(await get()).toEqual({status: 200, body: 'from a file'});
    expect(asked).toMatchObject([{key: url, line: 'assets-en', version: 'v1', cacheName: CACHE}]);
    expect(fetched).toBe(0);
  });

  it('answers a request for a range', async () => {
    setStaged({find: async () => new Response('0123456789')});
    expect(await get({headers: {range: 'bytes=3-5'}})).toEqual({status: 206, body: '345'});
  });

  it('is not looked for on a hit', async () => {
    await (await caches.open(CACHE)).put(url, new Response('from the cache'));
    const find = vi.fn(async () => new Response('from a file'));
    setStaged({find});
    expect((await get()).body).toBe('from the cache');
    expect(find).not.toHaveBeenCalled();
  });

  it('is fetched from the network where it cannot be read', async () => {
    setStaged({find: () => Promise.reject(new DOMException('broken', 'NotReadableError'))});
    expect((await get()).body).toBe('from the network');
  });
});

describe('a response of the network', () => {
  it('is stored as it is in a worker without staging', async () => {
    expect((await get()).body).toBe('from the network');
    expect(await stored()).toBe('from the network');
  });

  it('is stored as its check returns it', async () => {
    setStaged({
      checked: async (_pin, response) => ({
        response: new Response(`checked, ${await response.text()}`),
        failure: () => undefined,
      }),
    });
    expect((await get()).body).toBe('from the network');
    expect(await stored()).toBe('checked, from the network');
  });

  it('is stored as it is where no manifest lists the asset', async () => {
    const checked = vi.fn(async (_pin: Pin, _response: Response) => undefined);
    setStaged({checked});
    expect((await get()).body).toBe('from the network');
    expect(await stored()).toBe('from the network');
    expect(checked.mock.calls).toMatchObject([
      [{key: url, line: 'assets-en', version: 'v1', cacheName: CACHE}, expect.any(Response)],
    ]);
  });

  it.each<StoreFailure>(['integrity-failed', 'kept-as-file'])(
    'is not stored where its check refuses it as %s, and the page gets it',
    async (reason) => {
      setStaged({checked: async () => reason});
      expect((await get()).body).toBe('from the network');
      expect(await caches.has(CACHE)).toBe(false);
      await vi.waitFor(() =>
        expect(events).toEqual([{type: 'ASSET_NOT_STORED', payload: {key: url, cacheName: CACHE, reason}}]),
      );
    },
  );

  it('is not stored where its check throws, and the page gets it', async () => {
    setStaged({checked: () => Promise.reject(new DOMException('broken', 'UnknownError'))});
    expect((await get()).body).toBe('from the network');
    expect(await caches.has(CACHE)).toBe(false);
    await vi.waitFor(() =>
      expect(events).toEqual([
        {type: 'ASSET_NOT_STORED', payload: {key: url, cacheName: CACHE, reason: 'storage-failed'}},
      ]),
    );
  });

  it('is not stored where its bytes are wrong, and the page gets it', async () => {
    setStaged({
      checked: async () => ({
        response: new Response(new ReadableStream({start: (body) => body.error(new TypeError())})),
        failure: () => ({reason: 'wrong-digest', expected: {}, got: {}}),
      }),
    });
    expect((await get()).body).toBe('from the network');
    expect(await caches.has(CACHE)).toBe(false);
    await vi.waitFor(() =>
      expect(events).toEqual([
        {type: 'ASSET_NOT_STORED', payload: {key: url, cacheName: CACHE, reason: 'integrity-failed'}},
      ]),
    );
  });
});

describe('a response for a page whose release is no longer current', () => {
  const movingUrl = 'https://a.test/en/labels.txt';

  beforeEach(async () => {
    vi.stubGlobal('clients', {matchAll: async () => [{id: 'page'}]});
    await switchTo('v1');
    await get({}, 'https://a.test/en/model', 'page');
    await switchTo('v2');
    await vi.waitFor(() => expect(events.at(-1)?.type).toBe('VERSION_SWITCHED'));
    events = [];
  });

  const storedMoving = async (): Promise<string | undefined> =>
    (await caches.match(movingUrl, {cacheName: CACHE}))?.text();

  it('is not stored under a URL without a version, whose bytes may be those of another release', async () => {
    expect((await get({}, movingUrl, 'page')).body).toBe('from the network');
    expect(await storedMoving()).toBeUndefined();
    await vi.waitFor(() =>
      expect(events).toEqual([
        {type: 'ASSET_NOT_STORED', payload: {key: movingUrl, cacheName: CACHE, reason: 'not-current'}},
      ]),
    );
  });

  it('is stored under a URL without a version where a manifest lists it', async () => {
    setStaged({checked: async (_pin, response) => ({response, failure: () => undefined})});
    expect((await get({}, movingUrl, 'page')).body).toBe('from the network');
    expect(await storedMoving()).toBe('from the network');
  });

  it('is stored under a URL with its version', async () => {
    expect((await get({}, url, 'page')).body).toBe('from the network');
    expect(await stored()).toBe('from the network');
  });
});

it('deletes what is kept elsewhere of a line at a switch, and when all caches are dropped', async () => {
  const evicted: unknown[] = [];
  setStaged({
    evict: async (line, kept) => {
      evicted.push([line, kept]);
    },
  });
  for (const version of ['v1', 'v2']) {
    await get({}, `https://a.test/en/${version}/places.sqlite`);
    await switchTo(version);
  }
  await dropCaches(releases);
  expect(evicted).toEqual([
    ['assets-en', ['v1']],
    ['assets-en', ['v2', 'v1']],
    ['assets-en', []],
  ]);
});

it('forgets what it knows of staged releases when the current version changes', async () => {
  const forget = vi.fn();
  setStaged({forget});
  await switchTo('v1');
  expect(forget).toHaveBeenCalled();
});
