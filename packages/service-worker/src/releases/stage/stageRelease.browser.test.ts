import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {WorkerEvent} from '../../messages/protocol.ts';
import {WorkerState} from '../../worker/WorkerState.ts';
import {Releases} from '../Releases.ts';
import {changeRecords, readRecords} from '../records.ts';
import {missingAssets} from './missingAssets.ts';
import {Progress} from './Progress.ts';
import {readFile, removeFiles} from './releaseFiles.ts';
import type {ReadAssets, StagedAsset} from './StagedAsset.ts';
import {StagedAssets} from './StagedAssets.ts';
import {stagedRelease} from './stagedReleases.ts';
import {type StageOutcome, stageRelease} from './stageRelease.ts';

const LINE = 'models-en';
const urlOf = (version: string, name: string): string => `https://a.test/${version}/${name}`;
const cacheOf = (version: string): string => `${LINE}-${version}`;

/** What the network has, by URL. It answers 404 to all others. */
let network: Record<string, string>;
/** The requests that reached it. */
let requests: string[];
/** Answers wait for it, if there is one. */
let hold: Promise<void> | undefined;
let events: (WorkerEvent | 'end')[];
let channel: BroadcastChannel;
let controller: AbortController;
let progress: Progress;
let releases: Releases;

beforeEach(() => {
  releases = new WorkerState().part(Releases);
  releases.staged = new StagedAssets(releases);
  network = {};
  requests = [];
  hold = undefined;
  events = [];
  controller = new AbortController();
  channel = new BroadcastChannel('holdfast');
  channel.onmessage = ({data}) => events.push(data);
  vi.stubGlobal('fetch', async ({url, signal}: Request) => {
    requests.push(url);
    await Promise.race([
      hold,
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
    ]);
    signal?.throwIfAborted();
    const body = network[url];
    return new Response(body ?? 'not found', {status: body === undefined ? 404 : 200});
  });
});

afterEach(async () => {
  channel.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await changeRecords((change) => change.deleteLine(LINE));
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
  await removeFiles(LINE, []);
});

const digestOf = async (text: string) => {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return {algorithm: 'sha256', hex} as const;
};

/** The assets of a release, by their names. The network has them. */
const assetsOf = async (version: string, bodies: Record<string, string>): Promise<StagedAsset[]> => {
  const assets: StagedAsset[] = [];
  for (const [name, body] of Object.entries(bodies)) {
    const url = urlOf(version, name);
    network[url] = body;
    assets.push({key: url, size: body.length, digest: await digestOf(body), file: undefined});
  }
  return assets;
};

const stage = (
  version: string,
  assets: readonly StagedAsset[],
  urls: ReadAssets['urls'] = new Map(),
): Promise<StageOutcome> => {
  const target = {line: LINE, version};
  progress = new Progress(target, () => undefined);
  progress.expect(assets);
  return stageRelease(releases, {assets, urls}, {...target, progress, signal: controller.signal});
};

/** Makes the network wait. @returns a function that lets it continue. */
const holdNetwork = (): (() => void) => {
  let release: () => void = () => undefined;
  hold = new Promise((resolve) => {
    release = () => resolve();
  });
  return release;
};

/** What is in the cache of a release, by name. */
const storedIn = async (version: string): Promise<Record<string, string>> => {
  const found: Record<string, string> = {};
  if (await caches.has(cacheOf(version))) {
    const cache = await caches.open(cacheOf(version));
    for (const {url} of await cache.keys()) {
      found[url.split('/').at(-1) as string] = `${await (await cache.match(url))?.text()}`;
    }
  }
  return found;
};

const damage = async (version: string, name: string): Promise<void> =>
  (await caches.open(cacheOf(version))).put(urlOf(version, name), new Response('damaged'));

/** All that was reported until now: a message of the test itself comes after it. */
const reported = async () => {
  const own = new BroadcastChannel('holdfast');
  own.postMessage('end');
  await vi.waitFor(() => expect(events.at(-1)).toBe('end'));
  own.close();
  return events.flatMap((event) => (event !== 'end' && event.type === 'ASSET_STAGED' ? event.payload : []));
};

const BODIES = {model: 'the model', labels: 'the labels', lexicon: 'the lexicon', notes: 'the notes'};

describe('a release', () => {
  it('is complete when all its assets are stored', async () => {
    const assets = await assetsOf('v1', BODIES);
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: []});
    expect(await storedIn('v1')).toEqual(BODIES);
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: true, assets});
    expect(progress.snapshot()).toMatchObject({
      assets: 4,
      verified: 4,
      totalBytes: 39,
      bytes: {present: 0, reused: 0, fetched: 39},
    });
  });

  it('is recorded before anything of it is stored, and complete when everything is', async () => {
    const release = holdNetwork();
    const staging = stage('v1', await assetsOf('v1', BODIES));
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: false});
    expect(await caches.has(cacheOf('v1'))).toBe(false);
    release();
    await staging;
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: true});
  });

  it('reuses what has not changed, and fetches what has', async () => {
    await stage('v1', await assetsOf('v1', BODIES));
    requests = [];
    await stage('v2', await assetsOf('v2', {...BODIES, model: 'a better model'}));
    expect(requests).toEqual([urlOf('v2', 'model')]);
    expect(await storedIn('v2')).toEqual({...BODIES, model: 'a better model'});
    expect(await storedIn('v1')).toEqual(BODIES);
    expect(progress.snapshot().bytes).toEqual({present: 0, reused: 30, fetched: 14});
  });

  it('looks up no asset that is known to be missing', async () => {
    const assets = await assetsOf('v1', BODIES);
    await (await caches.open(cacheOf('v1'))).put(urlOf('v1', 'notes'), new Response('the notes'));
    const before: unknown[] = [];
    const match = CacheStorage.prototype.match;
    vi.spyOn(CacheStorage.prototype, 'match').mockImplementation(async function (
      this: CacheStorage,
      key,
      options,
    ) {
      const found = await match.call(this, key, options);
      before.push(...(found ? [] : [key]));
      return found;
    });
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: []});
    expect(before).toEqual([]);
    expect(progress.snapshot().bytes).toEqual({present: 9, reused: 0, fetched: 30});
  });

  it('counts as present what a page has stored meanwhile', async () => {
    const assets = await assetsOf('v1', BODIES);
    const release = holdNetwork();
    const staging = stage('v1', assets);
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    const flight = releases.inFlight.begin({key: urlOf('v1', 'notes'), cacheName: cacheOf('v1')});
    await (await caches.open(cacheOf('v1'))).put(urlOf('v1', 'notes'), new Response('the notes'));
    flight.end(false);
    release();
    expect(await staging).toEqual({failures: [], damaged: []});
    expect(requests).toHaveLength(3);
    expect(progress.snapshot().bytes).toEqual({present: 9, reused: 0, fetched: 30});
  });

  it('is fetched from the URLs of its manifest, which are not stored', async () => {
    const assets = await assetsOf('v1', {model: 'the model', labels: 'the labels'});
    const signed = `${urlOf('v1', 'model')}?signature=secret`;
    network[signed] = 'the model';
    expect(await stage('v1', assets, new Map([[urlOf('v1', 'model'), signed]]))).toMatchObject({
      failures: [],
    });
    expect(requests.sort()).toEqual([urlOf('v1', 'labels'), signed]);
    expect(await storedIn('v1')).toEqual({model: 'the model', labels: 'the labels'});
    expect(JSON.stringify(await stagedRelease(LINE, 'v1'))).not.toContain('secret');
  });

  it('is staged again after it was evicted, by this worker and by another one', async () => {
    const assets = await assetsOf('v1', BODIES);
    await releases.evictions.refresh();
    releases.evictions.note({line: LINE, kept: []});
    await new WorkerState().part(Releases).evictions.change(() => undefined, {line: LINE, kept: []});
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: []});
    expect(await storedIn('v1')).toEqual(BODIES);
  });

  it('reports each asset that is stored, and where it comes from', async () => {
    await stage('v1', await assetsOf('v1', {labels: 'the labels'}));
    const assets = await assetsOf('v2', {model: 'the model', labels: 'the labels', lexicon: 'the lexicon'});
    await (await caches.open(cacheOf('v2'))).put(urlOf('v2', 'model'), new Response('the model'));
    await reported();
    events = [];
    await stage('v2', assets);
    const payloads = await reported();
    expect(payloads).toHaveLength(3);
    for (const [name, from, bytes] of [
      ['model', 'present', 9],
      ['labels', 'reused', 10],
      ['lexicon', 'fetched', 11],
    ]) {
      expect(payloads).toContainEqual({line: LINE, version: 'v2', key: urlOf('v2', `${name}`), from, bytes});
    }
  });

  it('is staged three assets at a time', async () => {
    let inProgress = 0;
    let most = 0;
    const put = Cache.prototype.put;
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, ...entry) {
      inProgress += 1;
      most = Math.max(most, inProgress);
      await put.apply(this, entry);
      inProgress -= 1;
    });
    const names = Array.from({length: 20}, (_none, index) => `${index}`);
    const bodies = Object.fromEntries(names.map((name) => [name, name.repeat(50_000)]));
    const release = holdNetwork();
    const staging = stage('v1', await assetsOf('v1', bodies));
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    release();
    await staging;
    expect(requests).toHaveLength(20);
    expect(most).toBe(3);
    expect(await storedIn('v1')).toEqual(bodies);
  });

  it('opens its cache a few times only, however many small assets it has', async () => {
    const open = vi.spyOn(CacheStorage.prototype, 'open');
    const match = vi.spyOn(CacheStorage.prototype, 'match');
    const countFor = async (version: string, count: number): Promise<number> => {
      const names = Array.from({length: count}, (_none, index) => `${index}`);
      const bodies = Object.fromEntries(names.map((name) => [name, name]));
      const assets = await assetsOf(version, bodies);
      open.mockClear();
      match.mockClear();
      expect(await stage(version, assets)).toMatchObject({failures: []});
      return open.mock.calls.length + match.mock.calls.length;
    };
    // The first three begin before any of them is stored.
    await countFor('v1', 1);
    expect(await countFor('v2', 60)).toBeLessThan(20);
  });

  it('has its files in the origin private file system, and no copy of them in the cache', async () => {
    const assets = await assetsOf('v1', {model: 'the model', places: 'the places'});
    const [model, places] = assets as [StagedAsset, StagedAsset];
    await (await caches.open(cacheOf('v1'))).put(places.key, new Response('asked for by a page'));
    expect(await stage('v1', [model, {...places, file: 'places.sqlite'}])).toMatchObject({failures: []});
    const file = await readFile({line: LINE, version: 'v1'}, 'places.sqlite');
    expect(await file?.text()).toBe('the places');
    expect(await storedIn('v1')).toEqual({model: 'the model'});
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: true});
  });
});

describe('a release that is stored already', () => {
  it('is verified without the network', async () => {
    const assets = await assetsOf('v1', BODIES);
    await stage('v1', assets);
    requests = [];
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: []});
    expect(requests).toEqual([]);
    expect(progress.snapshot().bytes).toEqual({present: 39, reused: 0, fetched: 0});
  });

  it('stays complete while it is verified', async () => {
    const assets = await assetsOf('v1', {model: 'the model'});
    await stage('v1', assets);
    let begin: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    let end: () => void = () => undefined;
    const slow = new ReadableStream({
      pull: (body) => {
        begin();
        return new Promise<void>((resolve) => {
          end = () => {
            body.enqueue(new TextEncoder().encode('the model'));
            body.close();
            resolve();
          };
        });
      },
    });
    vi.spyOn(CacheStorage.prototype, 'match').mockResolvedValueOnce(new Response(slow));
    const staging = stage('v1', assets);
    await begun;
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: true});
    end();
    expect(await staging).toEqual({failures: [], damaged: []});
  });

  it('gets damaged and missing assets again, and reports which were damaged', async () => {
    const assets = await assetsOf('v1', BODIES);
    await stage('v1', assets);
    await damage('v1', 'labels');
    await (await caches.open(cacheOf('v1'))).delete(urlOf('v1', 'notes'));
    requests = [];
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: [urlOf('v1', 'labels')]});
    expect(requests.sort()).toEqual([urlOf('v1', 'labels'), urlOf('v1', 'notes')]);
    expect(await storedIn('v1')).toEqual(BODIES);
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: true});
  });

  it('is not complete any more if a damaged asset is not available', async () => {
    const assets = await assetsOf('v1', BODIES);
    await stage('v1', assets);
    await damage('v1', 'labels');
    network = {};
    const {failures, damaged} = await stage('v1', assets);
    expect(failures).toEqual([{key: urlOf('v1', 'labels'), reason: 'status', status: 404}]);
    expect(damaged).toEqual([urlOf('v1', 'labels')]);
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: false});
    const {labels, ...others} = BODIES;
    expect(await storedIn('v1')).toEqual(others);
  });

  it('gets a damaged asset from another release', async () => {
    await stage('v1', await assetsOf('v1', BODIES));
    const assets = await assetsOf('v2', BODIES);
    await stage('v2', assets);
    await damage('v1', 'labels');
    requests = [];
    expect(await stage('v1', await assetsOf('v1', BODIES))).toEqual({
      failures: [],
      damaged: [urlOf('v1', 'labels')],
    });
    expect(requests).toEqual([]);
  });
});

describe('a stage that fails', () => {
  it('names the asset, leaves the release incomplete, and resumes with the second attempt', async () => {
    const assets = await assetsOf('v1', BODIES);
    delete network[urlOf('v1', 'notes')];
    expect(await stage('v1', assets)).toEqual({
      failures: [{key: urlOf('v1', 'notes'), reason: 'status', status: 404}],
      damaged: [],
    });
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: false});
    expect(progress.snapshot()).toMatchObject({verified: 3, bytes: {fetched: 30}});

    network[urlOf('v1', 'notes')] = BODIES.notes;
    requests = [];
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: []});
    expect(requests).toEqual([urlOf('v1', 'notes')]);
    expect(progress.snapshot().bytes).toEqual({present: 30, reused: 0, fetched: 9});
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: true});
  });

  it('begins no other asset, and stores those in progress', async () => {
    const names = [...'abcdefgh'];
    const assets = await assetsOf('v1', Object.fromEntries(names.map((name) => [name, `the ${name}`])));
    delete network[urlOf('v1', 'a')];
    const release = holdNetwork();
    const staging = stage('v1', assets);
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    release();
    expect((await staging).failures).toHaveLength(1);
    expect(requests).toEqual(['a', 'b', 'c'].map((name) => urlOf('v1', name)));
    expect(await storedIn('v1')).toEqual({b: 'the b', c: 'the c'});
  });

  it('reports all failures of assets in progress', async () => {
    const assets = await assetsOf('v1', BODIES);
    network = {};
    const {failures} = await stage('v1', assets);
    expect(failures.map(({reason}) => reason)).toEqual(['status', 'status', 'status']);
  });

  it('leaves the other releases complete', async () => {
    await stage('v1', await assetsOf('v1', BODIES));
    const assets = await assetsOf('v2', {...BODIES, model: 'a better model'});
    delete network[urlOf('v2', 'model')];
    expect((await stage('v2', assets)).failures).toHaveLength(1);
    expect(await storedIn('v1')).toEqual(BODIES);
    const [v1] = await readRecords('release', LINE);
    expect(v1).toMatchObject({version: 'v1', isComplete: true});
    expect(v1 && (await missingAssets(releases, v1))).toEqual([]);
  });

  it('names what it could not store if storage cannot be read', async () => {
    const assets = await assetsOf('v1', {model: 'the model'});
    await (await caches.open(cacheOf('v1'))).put(urlOf('v1', 'model'), new Response('the model'));
    const broken = new DOMException('broken', 'UnknownError');
    vi.spyOn(CacheStorage.prototype, 'match').mockRejectedValue(broken);
    expect((await stage('v1', assets)).failures).toEqual([
      {key: urlOf('v1', 'model'), reason: 'storage-failed'},
    ]);
  });
});

describe('a release that is lost during its stage', () => {
  it('is not complete if its record was deleted', async () => {
    const release = holdNetwork();
    const staging = stage('v1', await assetsOf('v1', {model: 'the model'}));
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    await changeRecords((change) => change.delete('release', {line: LINE, version: 'v1'}));
    release();
    expect((await staging).failures).toMatchObject([{reason: 'release-evicted'}]);
    expect(await stagedRelease(LINE, 'v1')).toBeUndefined();
  });

  it('is not complete if an asset was deleted again', async () => {
    const assets = await assetsOf('v1', {model: 'the model', labels: 'the labels'});
    const match = CacheStorage.prototype.match;
    vi.spyOn(CacheStorage.prototype, 'match').mockImplementation(async function (
      this: CacheStorage,
      key,
      options,
    ) {
      const found = await match.call(this, key, options);
      // As soon as it is stored, it is deleted.
      if (found && String(key).endsWith('labels')) {
        await (await caches.open(cacheOf('v1'))).delete(key);
      }
      return found;
    });
    expect((await stage('v1', assets)).failures).toEqual([
      {key: urlOf('v1', 'labels'), reason: 'release-evicted'},
    ]);
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: false});
  });
});

describe('a stage that is aborted', () => {
  it('rejects with the reason at once, and keeps what is stored', async () => {
    const assets = await assetsOf('v1', BODIES);
    await (await caches.open(cacheOf('v1'))).put(urlOf('v1', 'model'), new Response('the model'));
    holdNetwork();
    const staging = stage('v1', assets);
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    controller.abort(new Error('aborted'));
    await expect(staging).rejects.toThrow('aborted');
    expect(await storedIn('v1')).toEqual({model: 'the model'});
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isComplete: false});
    expect(requests).toHaveLength(3);
  });

  it('begins nothing if it was aborted before', async () => {
    const assets = await assetsOf('v1', BODIES);
    controller.abort(new Error('aborted'));
    await expect(stage('v1', assets)).rejects.toThrow('aborted');
    expect(requests).toEqual([]);
  });
});
