import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {CacheFirst} from 'workbox-strategies';
import {forgetLines} from './dropCaches.ts';
import {EVENT_CHANNEL, type StoreFailure, type VersionScopeEvent} from './events.ts';
import {VersionScopePlugin} from './index.ts';
import type {Pin} from './pinned.ts';
import {type ReleaseKeeper, releaseKeeper, setReleaseKeeper} from './releaseKeeper.ts';
import {switchVersion} from './switchVersion.ts';

const scope = {prefix: 'assets', pattern: /\/(?<locale>[a-z]+)\/(?:(?<version>v\d+)\/)?[\w.]+$/};
const CACHE = 'assets-en-v1';
const url = 'https://a.test/en/v1/places.sqlite';

const none = releaseKeeper();
let fetched: number;
let events: VersionScopeEvent[];
let channel: BroadcastChannel;

beforeEach(() => {
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
  setReleaseKeeper(none);
  await forgetLines(() => true);
  await caches.delete(CACHE);
});

/** A keeper that does one thing, and else what happens without one. */
const keep = (some: Partial<ReleaseKeeper>): void => setReleaseKeeper({...none, ...some});

const strategy = new CacheFirst({plugins: [new VersionScopePlugin(scope)]});

/** What the page gets, when all that belongs to the request is done. */
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

describe('what is kept elsewhere than in the cache', () => {
  it('answers a request that the cache cannot', async () => {
    const asked: Pin[] = [];
    keep({
      find: async (pin) => {
        asked.push(pin);
        return new Response('from a file');
      },
    });
    expect(await get()).toEqual({status: 200, body: 'from a file'});
    expect(asked).toMatchObject([{key: url, line: 'assets-en', version: 'v1', cacheName: CACHE}]);
    expect(fetched).toBe(0);
  });

  it('answers a request for a part of it', async () => {
    keep({find: async () => new Response('0123456789')});
    expect(await get({headers: {range: 'bytes=3-5'}})).toEqual({status: 206, body: '345'});
  });

  it('is not asked for on a hit', async () => {
    await (await caches.open(CACHE)).put(url, new Response('from the cache'));
    const find = vi.fn(async () => new Response('from a file'));
    keep({find});
    expect((await get()).body).toBe('from the cache');
    expect(find).not.toHaveBeenCalled();
  });

  it('comes from the network where it cannot be read', async () => {
    keep({find: () => Promise.reject(new DOMException('broken', 'NotReadableError'))});
    expect((await get()).body).toBe('from the network');
  });
});

describe('what a page asks for', () => {
  it('is stored as it is where nobody knows what it has to be', async () => {
    expect((await get()).body).toBe('from the network');
    expect(await stored()).toBe('from the network');
  });

  it('is stored as it was checked', async () => {
    keep({checked: async (_pin, response) => new Response(`checked, ${await response.text()}`)});
    expect((await get()).body).toBe('from the network');
    expect(await stored()).toBe('checked, from the network');
  });

  it('is stored as it is where nothing is known of the asset', async () => {
    const checked = vi.fn(async (_pin: Pin, _response: Response) => undefined);
    keep({checked});
    expect((await get()).body).toBe('from the network');
    expect(await stored()).toBe('from the network');
    expect(checked.mock.calls).toMatchObject([
      [{key: url, line: 'assets-en', version: 'v1', cacheName: CACHE}, expect.any(Response)],
    ]);
  });

  it.each<StoreFailure>(['integrity-failed', 'kept-as-file'])(
    'is not stored where that is refused as %s, and the page gets it',
    async (reason) => {
      keep({checked: async () => reason});
      expect((await get()).body).toBe('from the network');
      expect(await caches.has(CACHE)).toBe(false);
      await vi.waitFor(() =>
        expect(events).toEqual([{type: 'ASSET_NOT_STORED', payload: {key: url, cacheName: CACHE, reason}}]),
      );
    },
  );

  it('is not stored where its check fails, and the page gets it', async () => {
    keep({checked: () => Promise.reject(new DOMException('broken', 'UnknownError'))});
    expect((await get()).body).toBe('from the network');
    expect(await caches.has(CACHE)).toBe(false);
    await vi.waitFor(() =>
      expect(events).toEqual([
        {type: 'ASSET_NOT_STORED', payload: {key: url, cacheName: CACHE, reason: 'storage-failed'}},
      ]),
    );
  });

  it('is not stored where it breaks off as wrong, and the page gets it', async () => {
    const broken = () =>
      Object.assign(new Response(new ReadableStream({start: (body) => body.error(new TypeError())})), {
        [Symbol.for('holdfast.integrity-failed')]: true,
      });
    keep({checked: async () => broken()});
    expect((await get()).body).toBe('from the network');
    expect(await caches.has(CACHE)).toBe(false);
    await vi.waitFor(() =>
      expect(events).toEqual([
        {type: 'ASSET_NOT_STORED', payload: {key: url, cacheName: CACHE, reason: 'integrity-failed'}},
      ]),
    );
  });
});

describe('what a page asks for whose release is not current any more', () => {
  const movingUrl = 'https://a.test/en/labels.txt';

  beforeEach(async () => {
    vi.stubGlobal('clients', {matchAll: async () => [{id: 'page'}]});
    await switchVersion([scope], 'assets-en', 'v1', {keep: 1, evictNow: false});
    await get({}, 'https://a.test/en/model', 'page');
    await switchVersion([scope], 'assets-en', 'v2', {keep: 1, evictNow: false});
    await vi.waitFor(() => expect(events.at(-1)?.type).toBe('VERSION_SWITCHED'));
    events = [];
  });

  const storedMoving = async (): Promise<string | undefined> =>
    (await caches.match(movingUrl, {cacheName: CACHE}))?.text();

  it('is not stored under a URL without a version, which has another release’s bytes by now', async () => {
    expect((await get({}, movingUrl, 'page')).body).toBe('from the network');
    expect(await storedMoving()).toBeUndefined();
    await vi.waitFor(() =>
      expect(events).toEqual([
        {type: 'ASSET_NOT_STORED', payload: {key: movingUrl, cacheName: CACHE, reason: 'not-current'}},
      ]),
    );
  });

  it('is stored under a URL without a version where its bytes are checked', async () => {
    keep({checked: async (_pin, response) => response});
    expect((await get({}, movingUrl, 'page')).body).toBe('from the network');
    expect(await storedMoving()).toBe('from the network');
  });

  it('is stored under a URL with its version', async () => {
    expect((await get({}, url, 'page')).body).toBe('from the network');
    expect(await stored()).toBe('from the network');
  });
});

it('is told which releases of which line go, when a line is forgotten', async () => {
  const evicted: unknown[] = [];
  keep({
    evict: async (line, kept) => {
      evicted.push([line, kept]);
    },
  });
  await switchVersion([scope], 'assets-en', 'v1', {keep: 1, evictNow: false});
  await switchVersion([scope], 'assets-en', 'v2', {keep: 1, evictNow: false});
  await forgetLines((line) => line === 'assets-en');
  expect(evicted).toEqual([
    ['assets-en', ['v1']],
    ['assets-en', ['v2', 'v1']],
    ['assets-en', []],
  ]);
});
