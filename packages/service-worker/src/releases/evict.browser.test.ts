import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {WorkerState} from '../worker/WorkerState.ts';
import {finishEvictions} from './evict.ts';
import {type Pin, pinOf} from './pinRequest.ts';
import {Releases} from './Releases.ts';
import {changeRecords, readRecords} from './records.ts';
import {cacheNameOf} from './releaseOf.ts';
import {store} from './store.ts';
import {switchVersion} from './switchVersion.ts';
import {clearStorage} from './testing/clearStorage.ts';
import {recordCaches} from './testing/recordCaches.ts';

const LINE = 'models-en';
const pattern = /\/(?<locale>en|de)\/(?<version>v\d+)\//;
const modelOf = (version: string): string => `https://a.test/en/${version}/model`;

let releases: Releases;
/** The clients that the browser knows. */
let present: string[];

/** A worker that starts now, over the same storage, and has routes with these prefixes. */
const startWorker = (...prefixes: unknown[]): Releases =>
  new WorkerState(
    () => prefixes.map((prefix) => ({holdfast: 'versionScope', scope: {prefix, pattern}})) as WorkboxPlugin[],
  ).part(Releases);

beforeEach(() => {
  releases = startWorker('models');
  present = [];
  vi.stubGlobal('clients', {matchAll: async () => present.map((id) => ({id}))});
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await clearStorage();
});

/** Puts a file into the cache of a release. */
const fill = async (line: string, ...versions: string[]): Promise<void> => {
  await recordCaches(line, ...versions);
  for (const version of versions) {
    await (await caches.open(cacheNameOf(line, version))).put(modelOf(version), new Response(version));
  }
};

const recorded = async (): Promise<string[]> =>
  (await readRecords('cache')).map(({line, version}) => cacheNameOf(line, version));

const switchTo = (line: string, version: string, of = releases) =>
  switchVersion(of, line, version, {client: '', keep: 0, evictNow: false, allowEmpty: true});

/** Makes a version current, and deletes nothing. */
const setCurrent = (line: string, version: string): Promise<void> =>
  changeRecords((change) => change.put('line', {line, current: version, previous: [], evicting: true}));

/** As a request does. */
const pinNow = (version: string): Pin => pinOf(releases, modelOf(version), LINE, version);

const put = (pin: Pin, body: BodyInit = 'six') =>
  store(releases, pin, {response: new Response(body), failure: () => undefined});

describe('lines whose names begin alike', () => {
  const all = ['models-v1', 'models-v2', 'models-x-v1', 'models-x-v2'];

  beforeEach(async () => {
    await fill('models', 'v1', 'v2');
    await fill('models-x', 'v1', 'v2');
  });

  it.each([
    ['models', 'models-v1'],
    ['models-x', 'models-x-v1'],
  ])('keep their caches when another one is switched: %s', async (line, evicted) => {
    releases = startWorker('models', 'models-x');
    expect(await switchTo(line, 'v2')).toEqual({evicted: ['v1'], kept: []});
    const left = all.filter((name) => name !== evicted);
    expect(await caches.keys()).toEqual(left);
    expect(await recorded()).toEqual(left);
  });

  it('keep their caches when another one is switched and evicts at once', async () => {
    await fill('models', 'v3');
    await switchVersion(releases, 'models', 'v3', {client: '', keep: 0, evictNow: true, allowEmpty: true});
    expect(await caches.keys()).toEqual(['models-x-v1', 'models-x-v2', 'models-v3']);
  });

  it('keep their caches when the eviction of another one is finished', async () => {
    await setCurrent('models', 'v2');
    await finishEvictions(startWorker('models', 'models-x'));
    expect(await caches.keys()).toEqual(['models-v2', 'models-x-v1', 'models-x-v2']);
  });
});

describe('a release that is left to delete', () => {
  beforeEach(async () => {
    await fill(LINE, 'v1', 'v2');
    await setCurrent(LINE, 'v2');
  });

  it('stays recorded where its cache cannot be deleted, and is deleted later', async () => {
    vi.spyOn(CacheStorage.prototype, 'delete').mockRejectedValueOnce(
      new DOMException('broken', 'UnknownError'),
    );
    expect(await switchTo(LINE, 'v2')).toEqual({evicted: [], kept: []});
    expect(await recorded()).toEqual(['models-en-v1', 'models-en-v2']);
    await finishEvictions(startWorker('models'));
    expect(await caches.keys()).toEqual(['models-en-v2']);
    expect(await recorded()).toEqual(['models-en-v2']);
  });

  it('is deleted once by two workers that start at once', async () => {
    await Promise.all([finishEvictions(startWorker('models')), finishEvictions(startWorker('models'))]);
    expect(await caches.keys()).toEqual(['models-en-v2']);
    expect(await recorded()).toEqual(['models-en-v2']);
  });

  it('is not looked for again when nothing is left', async () => {
    await finishEvictions(releases);
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
    const request = vi.spyOn(LockManager.prototype, 'request');
    await finishEvictions(releases);
    expect(transaction.mock.calls.filter(([, mode]) => mode === 'readwrite')).toEqual([]);
    expect(request).not.toHaveBeenCalled();
  });

  // A production worker does not check its options.
  it.each([undefined, null, '', 0, Number.NaN])('is left by a worker with the prefix %o', async (prefix) => {
    for (const line of ['-en', 'en', 'undefined-en', 'null-en', '0-en', 'NaN-en']) {
      await fill(line, 'v1', 'v2');
      await setCurrent(line, 'v2');
    }
    const before = await caches.keys();
    await finishEvictions(startWorker(prefix));
    expect(await caches.keys()).toEqual(before);
  });
});

describe('a cache that is not recorded', () => {
  it('is never deleted, although it has the name of a release and keys that match the pattern', async () => {
    await fill(LINE, 'v1');
    for (const name of ['models', 'models-en', 'models-en-v2', 'models-en-v3-beta', 'my-models-en-v1']) {
      await (await caches.open(name)).put(modelOf('v2'), new Response('of another library'));
    }
    await caches.open('models-en-v4');
    await fill(LINE, 'v5');
    expect(await switchTo(LINE, 'v5')).toEqual({evicted: ['v1'], kept: []});
    await finishEvictions(releases);
    expect(await caches.keys()).toEqual([
      'models',
      'models-en',
      'models-en-v2',
      'models-en-v3-beta',
      'my-models-en-v1',
      'models-en-v4',
      'models-en-v5',
    ]);
  });
});

describe('a put', () => {
  it('records its release before it makes the cache', async () => {
    const open = CacheStorage.prototype.open;
    const seen: string[][] = [];
    vi.spyOn(CacheStorage.prototype, 'open').mockImplementation(async function (this: CacheStorage, name) {
      seen.push(await recorded());
      return open.call(this, name);
    });
    expect(await put(pinNow('v1'))).toBeInstanceOf(Response);
    expect(seen[0]).toEqual(['models-en-v1']);
  });

  it('records its release once', async () => {
    await put(pinNow('v1'));
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
    await put(pinOf(releases, `${modelOf('v1')}.json`, LINE, 'v1'));
    expect(transaction.mock.calls.filter(([, mode]) => mode === 'readwrite')).toEqual([]);
  });

  it('stores where storage cannot be written, and the next one records the release', async () => {
    const failing = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('Unexpected internal error.', 'UnknownError');
    });
    expect(await put(pinNow('v1'))).toBeInstanceOf(Response);
    failing.mockRestore();
    expect(await recorded()).toEqual([]);
    await put(pinNow('v1'));
    expect(await recorded()).toEqual(['models-en-v1']);
  });

  it('that fails leaves a record and no cache, which harms nothing', async () => {
    const body = new ReadableStream({start: (sender) => sender.error(new TypeError('network error'))});
    expect(await put(pinNow('v1'), body)).toBe('body-incomplete');
    expect([await recorded(), await caches.keys()]).toEqual([['models-en-v1'], []]);
    await put(pinNow('v1'));
    await fill(LINE, 'v2');
    expect(await switchTo(LINE, 'v2')).toEqual({evicted: ['v1'], kept: []});
    expect([await recorded(), await caches.keys()]).toEqual([['models-en-v2'], ['models-en-v2']]);
  });

  it('records a release anew that this worker has evicted since', async () => {
    await put(pinNow('v1'));
    await fill(LINE, 'v2');
    await switchTo(LINE, 'v2');
    expect(await recorded()).toEqual(['models-en-v2']);
    await put(pinNow('v1'));
    expect(await recorded()).toEqual(['models-en-v1', 'models-en-v2']);
    // Without a switch: because its client is gone, or because the worker that began was killed.
    await setCurrent(LINE, 'v2');
    await finishEvictions(releases);
    expect(await recorded()).toEqual(['models-en-v2']);
    await put(pinNow('v1'));
    expect(await recorded()).toEqual(['models-en-v1', 'models-en-v2']);
    expect(await caches.keys()).toEqual(['models-en-v2', 'models-en-v1']);
  });

  it('records a release anew that another worker has evicted since', async () => {
    await put(pinNow('v1'));
    await fill(LINE, 'v2');
    await switchTo(LINE, 'v2', startWorker('models'));
    expect([await recorded(), await caches.keys()]).toEqual([['models-en-v2'], ['models-en-v2']]);
    await releases.evictions.refresh();
    await put(pinNow('v1'));
    expect(await recorded()).toEqual(['models-en-v1', 'models-en-v2']);
    expect(await caches.keys()).toEqual(['models-en-v2', 'models-en-v1']);
  });

  it.each(['models-en-v1', 'models-en-v2'])(
    'that begins while its release is evicted leaves no cache without a record (%s is deleted)',
    async (name) => {
      await fill(LINE, 'v1', 'v2', 'v3');
      await put(pinOf(releases, `${modelOf('v1')}.json`, LINE, 'v1'));
      const remove = CacheStorage.prototype.delete;
      let putting: Promise<unknown> | undefined;
      vi.spyOn(CacheStorage.prototype, 'delete').mockImplementation(async function (
        this: CacheStorage,
        which,
      ) {
        const isDeleted = await remove.call(this, which);
        if (which === name && !putting) {
          // A request of a new page, which was pinned after the eviction was noted.
          putting = put(pinNow('v1'));
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return isDeleted;
      });
      await switchTo(LINE, 'v3');
      await putting;
      vi.restoreAllMocks();
      const unrecorded = (await caches.keys()).filter((one) => one === 'models-en-v1');
      expect(await recorded()).toEqual([...unrecorded, 'models-en-v3']);
      await switchTo(LINE, 'v3');
      expect(await caches.keys()).toEqual(['models-en-v3']);
    },
  );
});

it('leaves a release that pages load by its own URL after the switch, until the next one', async () => {
  await fill(LINE, 'v1', 'v2');
  await switchTo(LINE, 'v1');
  await fill(LINE, 'v3');
  await finishEvictions(startWorker('models'));
  expect(await caches.keys()).toEqual(['models-en-v1', 'models-en-v3']);
  await fill(LINE, 'v2');
  await switchTo(LINE, 'v2');
  expect(await caches.keys()).toEqual(['models-en-v2']);
});

it('leaves what another worker has staged of a line', async () => {
  await fill(LINE, 'v1', 'v2');
  const release = {line: LINE, version: 'v2', order: 1, isComplete: true, assets: []};
  await changeRecords((change) => change.put('release', release));
  await setCurrent(LINE, 'v1');
  await finishEvictions(startWorker('models'));
  expect(await caches.keys()).toEqual(['models-en-v1', 'models-en-v2']);
});
