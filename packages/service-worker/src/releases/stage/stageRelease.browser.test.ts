import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {changeState, evictionsSoFar, missingAssets, readRecords, setReleaseKeeper} from '../staging.ts';
import {createReleaseKeeper} from './createReleaseKeeper.ts';
import type {ReleaseEvent} from './events.ts';
import {readFile, removeFiles} from './keptFiles.ts';
import {Progress} from './Progress.ts';
import type {ReadAssets, StagedAsset} from './readAssets.ts';
import {stagedRelease} from './records.ts';
import {type StageOutcome, stageRelease} from './stageRelease.ts';

// It knows what is kept as a file, and so whether a release is whole.
setReleaseKeeper(createReleaseKeeper());

const LINE = 'models-en';
const urlOf = (version: string, name: string): string => `https://a.test/${version}/${name}`;
const cacheOf = (version: string): string => `${LINE}-${version}`;

/** What the network has, by URL. The rest is not found. */
let network: Record<string, string>;
/** The requests that have reached it. */
let requests: string[];
/** Answers wait until it is called, if there is one. */
let hold: Promise<void> | undefined;
let events: (ReleaseEvent | 'end')[];
let channel: BroadcastChannel;
let controller: AbortController;
let progress: Progress;

beforeEach(() => {
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
  await changeState((change) => change.deleteLine(LINE));
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
  progress = new Progress(target, assets, () => undefined);
  return stageRelease({assets, urls}, {...target, progress, signal: controller.signal});
};

/** Makes the network wait. @returns what lets it go on. */
const holdNetwork = (): (() => void) => {
  let letGo: () => void = () => undefined;
  hold = new Promise((resolve) => {
    letGo = () => resolve();
  });
  return letGo;
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

/** All that was told until now: a message of the test's own comes behind it. */
const told = async (): Promise<ReleaseEvent[]> => {
  const own = new BroadcastChannel('holdfast');
  own.postMessage('end');
  await vi.waitFor(() => expect(events.at(-1)).toBe('end'));
  own.close();
  return events.filter((event): event is ReleaseEvent => event !== 'end' && event.type === 'ASSET_STAGED');
};

const BODIES = {model: 'the model', labels: 'the labels', lexicon: 'the lexicon', notes: 'the notes'};

describe('a release', () => {
  it('is whole when all its assets are there', async () => {
    const assets = await assetsOf('v1', BODIES);
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: []});
    expect(await storedIn('v1')).toEqual(BODIES);
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: true, assets});
    expect(progress.snapshot()).toMatchObject({
      assets: 4,
      verified: 4,
      totalBytes: 39,
      bytes: {present: 0, 'carried-over': 0, fetched: 39},
    });
  });

  it('is known before anything of it is stored, and is not whole until all is', async () => {
    const letGo = holdNetwork();
    const staging = stage('v1', await assetsOf('v1', BODIES));
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: false});
    expect(await caches.has(cacheOf('v1'))).toBe(false);
    letGo();
    await staging;
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: true});
  });

  it('takes over what has not changed, and fetches what has', async () => {
    await stage('v1', await assetsOf('v1', BODIES));
    requests = [];
    await stage('v2', await assetsOf('v2', {...BODIES, model: 'a better model'}));
    expect(requests).toEqual([urlOf('v2', 'model')]);
    expect(await storedIn('v2')).toEqual({...BODIES, model: 'a better model'});
    expect(await storedIn('v1')).toEqual(BODIES);
    expect(progress.snapshot().bytes).toEqual({present: 0, 'carried-over': 30, fetched: 14});
  });

  it('is fetched from the URLs of its manifest, which nobody keeps', async () => {
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

  it('is staged again after it was evicted', async () => {
    const assets = await assetsOf('v1', BODIES);
    const before = evictionsSoFar();
    const other = new BroadcastChannel('holdfast');
    other.postMessage({type: 'RELEASES_EVICTED', payload: {line: LINE, evicted: ['v1'], kept: []}});
    await vi.waitFor(() => expect(evictionsSoFar()).toBe(before + 1));
    other.close();
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: []});
    expect(await storedIn('v1')).toEqual(BODIES);
  });

  it('tells of each asset that is in place, and where it has come from', async () => {
    await stage('v1', await assetsOf('v1', {labels: 'the labels'}));
    const assets = await assetsOf('v2', {model: 'the model', labels: 'the labels', lexicon: 'the lexicon'});
    await (await caches.open(cacheOf('v2'))).put(urlOf('v2', 'model'), new Response('the model'));
    await told();
    events = [];
    await stage('v2', assets);
    const payloads = (await told()).map(({payload}) => payload);
    expect(payloads).toHaveLength(3);
    for (const [name, from, bytes] of [
      ['model', 'present', 9],
      ['labels', 'carried-over', 10],
      ['lexicon', 'fetched', 11],
    ]) {
      expect(payloads).toContainEqual({line: LINE, version: 'v2', key: urlOf('v2', `${name}`), from, bytes});
    }
  });

  it('is brought in three assets at a time', async () => {
    let underWay = 0;
    let most = 0;
    const put = Cache.prototype.put;
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, ...entry) {
      underWay += 1;
      most = Math.max(most, underWay);
      await put.apply(this, entry);
      underWay -= 1;
    });
    const names = Array.from({length: 20}, (_none, index) => `${index}`);
    const bodies = Object.fromEntries(names.map((name) => [name, name.repeat(50_000)]));
    const letGo = holdNetwork();
    const staging = stage('v1', await assetsOf('v1', bodies));
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    letGo();
    await staging;
    expect(requests).toHaveLength(20);
    expect(most).toBe(3);
    expect(await storedIn('v1')).toEqual(bodies);
  });

  it('has its files in the origin private file system that belong there, and no copy of them', async () => {
    const assets = await assetsOf('v1', {model: 'the model', places: 'the places'});
    const [model, places] = assets as [StagedAsset, StagedAsset];
    await (await caches.open(cacheOf('v1'))).put(places.key, new Response('asked for by a page'));
    expect(await stage('v1', [model, {...places, file: 'places.sqlite'}])).toMatchObject({failures: []});
    const pin = {line: LINE, version: 'v1', key: places.key, cacheName: cacheOf('v1'), evictionsSeen: 0};
    expect(await (await readFile(pin, 'places.sqlite'))?.text()).toBe('the places');
    expect(await storedIn('v1')).toEqual({model: 'the model'});
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: true});
  });
});

describe('a release that is there already', () => {
  it('is read and found right, without the network', async () => {
    const assets = await assetsOf('v1', BODIES);
    await stage('v1', assets);
    requests = [];
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: []});
    expect(requests).toEqual([]);
    expect(progress.snapshot().bytes).toEqual({present: 39, 'carried-over': 0, fetched: 0});
  });

  it('is known to be whole while it is read', async () => {
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
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: true});
    end();
    expect(await staging).toEqual({failures: [], damaged: []});
  });

  it('gets what is damaged or missing anew, and says what was damaged', async () => {
    const assets = await assetsOf('v1', BODIES);
    await stage('v1', assets);
    await damage('v1', 'labels');
    await (await caches.open(cacheOf('v1'))).delete(urlOf('v1', 'notes'));
    requests = [];
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: [urlOf('v1', 'labels')]});
    expect(requests.sort()).toEqual([urlOf('v1', 'labels'), urlOf('v1', 'notes')]);
    expect(await storedIn('v1')).toEqual(BODIES);
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: true});
  });

  it('is not whole any more when what is damaged cannot be had', async () => {
    const assets = await assetsOf('v1', BODIES);
    await stage('v1', assets);
    await damage('v1', 'labels');
    network = {};
    const {failures, damaged} = await stage('v1', assets);
    expect(failures).toEqual([{key: urlOf('v1', 'labels'), reason: 'status', status: 404}]);
    expect(damaged).toEqual([urlOf('v1', 'labels')]);
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: false});
    const {labels, ...others} = BODIES;
    expect(await storedIn('v1')).toEqual(others);
  });

  it('gets what is damaged from another release', async () => {
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
  it('says which asset, leaves the release unwhole, and keeps what it has for the second attempt', async () => {
    const assets = await assetsOf('v1', BODIES);
    delete network[urlOf('v1', 'notes')];
    expect(await stage('v1', assets)).toEqual({
      failures: [{key: urlOf('v1', 'notes'), reason: 'status', status: 404}],
      damaged: [],
    });
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: false});
    expect(progress.snapshot()).toMatchObject({verified: 3, bytes: {fetched: 30}});

    network[urlOf('v1', 'notes')] = BODIES.notes;
    requests = [];
    expect(await stage('v1', assets)).toEqual({failures: [], damaged: []});
    expect(requests).toEqual([urlOf('v1', 'notes')]);
    expect(progress.snapshot().bytes).toEqual({present: 30, 'carried-over': 0, fetched: 9});
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: true});
  });

  it('begins with nothing more, and lets what is under way come in', async () => {
    const names = [...'abcdefgh'];
    const assets = await assetsOf('v1', Object.fromEntries(names.map((name) => [name, `the ${name}`])));
    delete network[urlOf('v1', 'a')];
    const letGo = holdNetwork();
    const staging = stage('v1', assets);
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    letGo();
    expect((await staging).failures).toHaveLength(1);
    expect(requests).toEqual(['a', 'b', 'c'].map((name) => urlOf('v1', name)));
    expect(await storedIn('v1')).toEqual({b: 'the b', c: 'the c'});
  });

  it('tells all that has failed of what was under way', async () => {
    const assets = await assetsOf('v1', BODIES);
    network = {};
    const {failures} = await stage('v1', assets);
    expect(failures.map(({reason}) => reason)).toEqual(['status', 'status', 'status']);
  });

  it('leaves the other releases whole', async () => {
    await stage('v1', await assetsOf('v1', BODIES));
    const assets = await assetsOf('v2', {...BODIES, model: 'a better model'});
    delete network[urlOf('v2', 'model')];
    expect((await stage('v2', assets)).failures).toHaveLength(1);
    expect(await storedIn('v1')).toEqual(BODIES);
    const [v1] = await readRecords('release', LINE);
    expect(v1).toMatchObject({version: 'v1', isWhole: true});
    expect(v1 && (await missingAssets(v1))).toEqual([]);
  });

  it('rejects where storage cannot be read', async () => {
    const assets = await assetsOf('v1', {model: 'the model'});
    const broken = new DOMException('broken', 'UnknownError');
    vi.spyOn(CacheStorage.prototype, 'match').mockRejectedValue(broken);
    await expect(stage('v1', assets)).rejects.toBe(broken);
  });
});

describe('a release that is given up on the way', () => {
  it('is not whole, whatever has come in', async () => {
    const letGo = holdNetwork();
    const staging = stage('v1', await assetsOf('v1', {model: 'the model'}));
    await vi.waitFor(() => expect(requests).toHaveLength(1));
    await changeState((change) => change.deleteRelease(LINE, 'v1'));
    letGo();
    expect((await staging).failures).toMatchObject([{reason: 'release-evicted'}]);
    expect(await stagedRelease(LINE, 'v1')).toBeUndefined();
  });

  it('is not whole when an asset has gone again', async () => {
    const assets = await assetsOf('v1', {model: 'the model', labels: 'the labels'});
    const match = CacheStorage.prototype.match;
    vi.spyOn(CacheStorage.prototype, 'match').mockImplementation(async function (
      this: CacheStorage,
      key,
      options,
    ) {
      const found = await match.call(this, key, options);
      // As soon as it is there, somebody deletes it.
      if (found && String(key).endsWith('labels')) {
        await (await caches.open(cacheOf('v1'))).delete(key);
      }
      return found;
    });
    expect((await stage('v1', assets)).failures).toEqual([
      {key: urlOf('v1', 'labels'), reason: 'release-evicted'},
    ]);
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: false});
  });
});

describe('a stage that is aborted', () => {
  it('rejects with the reason at once, and keeps what is done', async () => {
    const assets = await assetsOf('v1', BODIES);
    await (await caches.open(cacheOf('v1'))).put(urlOf('v1', 'model'), new Response('the model'));
    holdNetwork();
    const staging = stage('v1', assets);
    await vi.waitFor(() => expect(requests).toHaveLength(3));
    controller.abort(new Error('given up'));
    await expect(staging).rejects.toThrow('given up');
    expect(await storedIn('v1')).toEqual({model: 'the model'});
    expect(await stagedRelease(LINE, 'v1')).toMatchObject({isWhole: false});
    expect(requests).toHaveLength(3);
  });

  it('begins nothing when it was aborted before', async () => {
    const assets = await assetsOf('v1', BODIES);
    controller.abort(new Error('given up'));
    await expect(stage('v1', assets)).rejects.toThrow('given up');
    expect(requests).toEqual([]);
  });
});
