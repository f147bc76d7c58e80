import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {downloads} from '../../downloads/downloads.ts';
import {FileFetcher} from '../../downloads/FileFetcher.ts';
import {ResumableCacheFirst} from '../../downloads/ResumableCacheFirst.ts';
import {WorkerState} from '../../worker/WorkerState.ts';
import type {Flight} from '../InFlight.ts';
import {type Pin, pinOf as pin} from '../pinRequest.ts';
import {Releases} from '../Releases.ts';
import {VersionScopePlugin} from '../VersionScopePlugin.ts';
import {Progress} from './Progress.ts';
import {readFile, removeFiles, writeFile} from './releaseFiles.ts';
import type {Stage} from './Stage.ts';
import type {StagedAsset} from './StagedAsset.ts';
import {sourcesIn} from './sourcesIn.ts';
import {stageAsset} from './stageAsset.ts';
import type {StagedRelease} from './stagedReleases.ts';

const LINE = 'models-en';
const RIGHT = 'the bytes of the model';
const WRONG = 'the bytes of the muddle';
const WRONG_OF_SAME_SIZE = 'the bytes of the modem';

/** What the network answers to the requests of a URL, in turn. Without an answer it fails. */
let network: Record<string, (() => Response | Promise<Response>)[]>;
/** The requests that reached it. */
let requests: {url: string; cache: RequestCache; mode: RequestMode; range: string | null}[];
let controller: AbortController;
let worker: WorkerState;
let releases: Releases;

beforeEach(() => {
  worker = new WorkerState();
  releases = worker.part(Releases);
  network = {};
  requests = [];
  controller = new AbortController();
  vi.stubGlobal('fetch', async (request: Request, init?: RequestInit) => {
    const {url, cache, mode, headers} = request;
    const signal = init?.signal ?? request.signal;
    requests.push({url, cache, mode, range: headers.get('range')});
    const answer = network[url]?.shift();
    if (!answer) {
      throw new TypeError('Failed to fetch');
    }
    const response = await Promise.race([answer(), abortOf(signal)]);
    signal.throwIfAborted();
    const body = response.body?.pipeThrough(new TransformStream(), {signal});
    return body ? likeness(response, body) : response;
  });
});

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
  await removeFiles(LINE, []);
  await removeFiles('models-de', []);
});

/** Waits for what a busy machine may take long for. */
const eventually = (check: () => unknown): Promise<unknown> => vi.waitFor(check, {timeout: 10_000});

/** Rejects when a request is aborted. */
const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

/** The response with another body, and with its URL. */
const likeness = (response: Response, body: ReadableStream): Response => {
  const {status, headers, url, redirected} = response;
  return Object.defineProperties(new Response(body, {status, headers}), {
    url: {value: url},
    redirected: {value: redirected},
  });
};

const urlOf = (version: string, name = 'model'): string => `https://a.test/${version}/${name}`;

const digestOf = async (body: string | Uint8Array<ArrayBuffer>) => {
  const digest = await crypto.subtle.digest('SHA-256', await new Response(body).arrayBuffer());
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return {algorithm: 'sha256', hex} as const;
};

/** The model of a release, as its manifest has it. */
const modelOf = async (version: string, more: Partial<StagedAsset> = {}): Promise<StagedAsset> => ({
  key: urlOf(version),
  size: RIGHT.length,
  digest: await digestOf(RIGHT),
  file: undefined,
  ...more,
});

/** A stage of `v2`, for one asset, whose URL has a signature. */
const stageOf = (asset: StagedAsset, others: readonly StagedRelease[] = []) => {
  const {signal} = controller;
  const target = {line: LINE, version: 'v2'};
  const progress = new Progress(target, () => undefined);
  progress.expect([asset]);
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  aborted.catch(() => undefined);
  const urls = new Map([[asset.key, `${asset.key}?signature=secret`]]);
  const evictionsSeen = releases.evictions.count;
  const sourcesOf = sourcesIn(others);
  const onDamage = vi.fn(async () => undefined);
  return {
    ...target,
    releases,
    progress,
    signal,
    aborted,
    urls,
    evictionsSeen,
    isKnownMissing: () => false,
    puts: {},
    sourcesOf,
    onDamage,
  } satisfies Stage;
};

const pinOf = (version = 'v2', line = LINE, name?: string): Pin =>
  pin(releases, urlOf(version, name), line, version);

const store = async ({key, cacheName}: Pin, body: BodyInit, headers: HeadersInit = {}): Promise<void> =>
  (await caches.open(cacheName)).put(key, new Response(body, {headers}));

const stored = async ({key, cacheName}: Pin): Promise<string | undefined> =>
  (await caches.match(key, {cacheName, ignoreVary: true}))?.text();

const writeText = (one: Pin, file: string, text: string): Promise<void> =>
  writeFile(one, file, new Blob([text]).stream());

const textOf = async (one: Pin, file: string): Promise<string | undefined> =>
  (await readFile(one, file))?.text();

/** A release that was staged before, with this asset. */
const otherRelease = (asset: StagedAsset, version = 'v1', line = LINE): StagedRelease => ({
  line,
  version,
  order: 1,
  isComplete: true,
  assets: [asset],
});

/** Another worker of the origin evicts the release. */
const evictElsewhere = (): Promise<void> =>
  new WorkerState().part(Releases).evictions.change(() => undefined, {line: LINE, kept: ['v1']});

/** A body that fails in the middle. */
const failing = (): Response =>
  new Response(
    new ReadableStream({
      start: (body) => {
        body.enqueue(new TextEncoder().encode(RIGHT.slice(0, 5)));
        body.error(new TypeError('network error'));
      },
    }),
  );

/** A body that never ends, and a promise for the time when it is read. */
const endless = () => {
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const body = new ReadableStream(
    {
      pull: (sender) => {
        sender.enqueue(new Uint8Array(1));
        begin();
        return new Promise(() => undefined);
      },
    },
    {highWaterMark: 0},
  );
  return {body, begun};
};

/** As no test can make a real one. */
const opaque = (): Response => Object.defineProperty(new Response(RIGHT), 'type', {value: 'opaque'});

describe('an asset that is in the release', () => {
  it('is verified, and not fetched', async () => {
    await store(pinOf(), RIGHT, {vary: 'accept'});
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    expect(await stageAsset(asset, stage)).toBe('present');
    expect(requests).toEqual([]);
    expect(await stored(pinOf())).toBe(RIGHT);
    expect(stage.onDamage).not.toHaveBeenCalled();
    expect(stage.progress.snapshot().bytes).toEqual({present: RIGHT.length, reused: 0, fetched: 0});
  });

  it('is verified by its size if it has no digest', async () => {
    await store(pinOf(), WRONG_OF_SAME_SIZE);
    const asset = await modelOf('v2', {digest: undefined});
    expect(await stageAsset(asset, stageOf(asset))).toBe('present');
  });

  it.each([
    ['has other bytes', WRONG_OF_SAME_SIZE],
    ['is longer', `${RIGHT}.`],
    ['is shorter', RIGHT.slice(1)],
    ['is empty', ''],
  ])('is deleted and fetched again if it %s', async (_what, damaged) => {
    await store(pinOf(), damaged);
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    expect(await stageAsset(asset, stage)).toBe('fetched');
    expect(stage.onDamage).toHaveBeenCalledExactlyOnceWith(asset);
    expect(await stored(pinOf())).toBe(RIGHT);
    expect(stage.progress.snapshot().bytes).toEqual({present: 0, reused: 0, fetched: RIGHT.length});
  });

  it.each([
    ['cannot be read to its end', failing],
    ['is opaque', opaque],
  ])('is deleted and fetched again if it %s', async (_what, damaged) => {
    await store(pinOf(), RIGHT);
    vi.spyOn(CacheStorage.prototype, 'match').mockResolvedValueOnce(damaged());
    const removed = vi.spyOn(Cache.prototype, 'delete');
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    expect(await stageAsset(asset, stage)).toBe('fetched');
    expect(removed).toHaveBeenCalledWith(urlOf('v2'), {ignoreVary: true});
    expect(stage.onDamage).toHaveBeenCalledOnce();
  });

  it('is deleted if it is damaged and not available', async () => {
    await store(pinOf(), WRONG);
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    expect(await stageAsset(asset, stage)).toEqual({key: urlOf('v2'), reason: 'unreachable'});
    expect(stage.onDamage).toHaveBeenCalledOnce();
    expect(await stored(pinOf())).toBeUndefined();
  });

  it('is left alone if the browser makes no digest', async () => {
    await store(pinOf(), RIGHT);
    const asset = await modelOf('v2');
    vi.spyOn(crypto.subtle, 'digest').mockRejectedValue(new DOMException('no digest', 'OperationError'));
    expect(await stageAsset(asset, stageOf(asset))).toEqual({key: urlOf('v2'), reason: 'cannot-digest'});
    expect(requests).toEqual([]);
    expect(await stored(pinOf())).toBe(RIGHT);
  });

  it('may be a file', async () => {
    await writeText(pinOf(), 'places.sqlite', RIGHT);
    const asset = await modelOf('v2', {file: 'places.sqlite'});
    expect(await stageAsset(asset, stageOf(asset))).toBe('present');
    expect(requests).toEqual([]);
  });

  it('may be a damaged file', async () => {
    await writeText(pinOf(), 'places.sqlite', WRONG);
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2', {file: 'places.sqlite'});
    const stage = stageOf(asset);
    expect(await stageAsset(asset, stage)).toBe('fetched');
    expect(stage.onDamage).toHaveBeenCalledOnce();
    expect(await textOf(pinOf(), 'places.sqlite')).toBe(RIGHT);
  });
});

describe('an asset that another release has', () => {
  it('is copied as it is stored there', async () => {
    await store(pinOf('v1'), RIGHT, {'content-type': 'application/wasm', vary: 'accept'});
    const asset = await modelOf('v2');
    const stage = stageOf(asset, [otherRelease(await modelOf('v1'))]);
    expect(await stageAsset(asset, stage)).toBe('reused');
    expect(requests).toEqual([]);
    expect([await stored(pinOf('v1')), await stored(pinOf())]).toEqual([RIGHT, RIGHT]);
    expect((await caches.match(urlOf('v2')))?.headers.get('content-type')).toBe('application/wasm');
    expect(stage.progress.snapshot().bytes).toEqual({present: 0, reused: RIGHT.length, fetched: 0});
  });

  it('may have another key there, and belong to another line', async () => {
    await store(pinOf('v7', 'models-de', 'modell'), RIGHT);
    const german = {...(await modelOf('v7')), key: urlOf('v7', 'modell')};
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, stageOf(asset, [otherRelease(german, 'v7', 'models-de')]))).toBe('reused');
  });

  it.each([
    ['a file', 'the cache', 'old.sqlite', undefined],
    ['the cache', 'a file', undefined, 'new.sqlite'],
    ['a file', 'a file', 'same.sqlite', 'same.sqlite'],
  ])('is copied from %s into %s', async (_from, _to, oldFile, newFile) => {
    await (oldFile ? writeText(pinOf('v1'), oldFile, RIGHT) : store(pinOf('v1'), RIGHT));
    const asset = await modelOf('v2', {file: newFile});
    const others = [otherRelease(await modelOf('v1', {file: oldFile}))];
    expect(await stageAsset(asset, stageOf(asset, others))).toBe('reused');
    expect(requests).toEqual([]);
    expect(newFile ? await textOf(pinOf(), newFile) : await stored(pinOf())).toBe(RIGHT);
    expect(oldFile ? await textOf(pinOf('v1'), oldFile) : await stored(pinOf('v1'))).toBe(RIGHT);
  });

  it.each<[string, (digest: StagedAsset['digest']) => Partial<StagedAsset>]>([
    ['has another digest there', () => ({digest: {algorithm: 'sha256', hex: 'ab'.repeat(32)}})],
    [
      'has a digest by another algorithm there',
      (digest) => ({digest: {algorithm: 'sha512', hex: `${digest?.hex}`}}),
    ],
    ['has no digest there', () => ({digest: undefined})],
  ])('is fetched if it %s', async (_what, there) => {
    await store(pinOf('v1'), RIGHT);
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2');
    const others = [otherRelease(await modelOf('v1', there(asset.digest)))];
    expect(await stageAsset(asset, stageOf(asset, others))).toBe('fetched');
  });

  it('is fetched if it has no digest, here and there', async () => {
    await store(pinOf('v1'), RIGHT);
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2', {digest: undefined});
    const others = [otherRelease(await modelOf('v1', {digest: undefined}))];
    expect(await stageAsset(asset, stageOf(asset, others))).toBe('fetched');
  });

  it('is copied from the next release if it is missing or unreadable there', async () => {
    await store(pinOf('v0'), RIGHT);
    const others = [
      otherRelease(await modelOf('v1')),
      otherRelease(await modelOf('v3', {file: 'broken'}), 'v3'),
      otherRelease(await modelOf('v0'), 'v0'),
    ];
    await writeText(pinOf('v3'), 'broken', RIGHT);
    const getFile = vi.spyOn(FileSystemFileHandle.prototype, 'getFile');
    getFile.mockRejectedValue(new DOMException('broken', 'NotReadableError'));
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, stageOf(asset, others))).toBe('reused');
    expect(getFile).toHaveBeenCalled();
    expect(await stored(pinOf())).toBe(RIGHT);
  });

  it.each([
    ['has other bytes', WRONG_OF_SAME_SIZE],
    ['is longer', `${RIGHT}.`],
    ['is shorter', RIGHT.slice(1)],
  ])('is copied from the next release if it %s there, and stays there', async (_what, damaged) => {
    await store(pinOf('v1'), damaged);
    await store(pinOf('v0'), RIGHT);
    const others = [otherRelease(await modelOf('v1')), otherRelease(await modelOf('v0'), 'v0')];
    const asset = await modelOf('v2');
    const stage = stageOf(asset, others);
    expect(await stageAsset(asset, stage)).toBe('reused');
    expect(await stored(pinOf('v1'))).toBe(damaged);
    expect(await stored(pinOf())).toBe(RIGHT);
    expect(stage.onDamage).not.toHaveBeenCalled();
    expect(stage.progress.snapshot().bytes).toEqual({present: 0, reused: RIGHT.length, fetched: 0});
  });

  it('is fetched if it is damaged there, and stays there', async () => {
    await writeText(pinOf('v1'), 'places.sqlite', WRONG);
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2');
    const others = [otherRelease(await modelOf('v1', {file: 'places.sqlite'}))];
    const stage = stageOf(asset, others);
    expect(await stageAsset(asset, stage)).toBe('fetched');
    expect(await textOf(pinOf('v1'), 'places.sqlite')).toBe(WRONG);
    expect(stage.progress.snapshot().bytes).toEqual({present: 0, reused: 0, fetched: RIGHT.length});
  });

  it('is fetched if its body fails there, and stays there', async () => {
    await store(pinOf('v1'), RIGHT);
    const match = CacheStorage.prototype.match;
    vi.spyOn(CacheStorage.prototype, 'match').mockImplementation(function (this: CacheStorage, key, options) {
      return options?.cacheName === pinOf('v1').cacheName
        ? Promise.resolve(failing())
        : match.call(this, key, options);
    });
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, stageOf(asset, [otherRelease(await modelOf('v1'))]))).toBe('fetched');
    vi.restoreAllMocks();
    expect(await stored(pinOf('v1'))).toBe(RIGHT);
  });

  it('is not fetched if there is no room for it', async () => {
    await store(pinOf('v1'), RIGHT);
    vi.spyOn(Cache.prototype, 'put').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, stageOf(asset, [otherRelease(await modelOf('v1'))]))).toEqual({
      key: urlOf('v2'),
      reason: 'quota-exceeded',
    });
    expect(requests).toEqual([]);
    expect(await stored(pinOf('v1'))).toBe(RIGHT);
  });
});

describe('an asset that no release has', () => {
  const URL_OF_MODEL = `${urlOf('v2')}?signature=secret`;

  it('is fetched with CORS, and stored under its key, without its URL', async () => {
    const headers = {'content-type': 'application/wasm', vary: 'origin', etag: '"1"'};
    const answer = new Response(RIGHT, {headers});
    network[URL_OF_MODEL] = [() => Object.defineProperty(answer, 'url', {value: 'https://cdn.test/?signed'})];
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    expect(await stageAsset(asset, stage)).toBe('fetched');
    expect(requests).toEqual([{url: URL_OF_MODEL, cache: 'default', mode: 'cors', range: null}]);
    const cache = await caches.open(pinOf().cacheName);
    expect((await cache.keys()).map(({url}) => url)).toEqual([urlOf('v2')]);
    const found = await cache.match(urlOf('v2'));
    expect([found?.url, found?.headers.get('vary'), found?.headers.get('etag')]).toEqual(['', null, '"1"']);
    expect(await found?.text()).toBe(RIGHT);
    expect(stage.progress.snapshot().bytes).toEqual({present: 0, reused: 0, fetched: RIGHT.length});
  });

  it('may be an empty file', async () => {
    for (const size of [0, undefined]) {
      network[URL_OF_MODEL] = [() => new Response(null)];
      const asset = await modelOf('v2', {size, digest: await digestOf(''), file: `empty-${size}`});
      expect(await stageAsset(asset, stageOf(asset))).toBe('fetched');
      expect(await stageAsset(asset, stageOf(asset))).toBe('present');
    }
  });

  it('may be empty', async () => {
    network[URL_OF_MODEL] = [() => new Response(null)];
    const asset = await modelOf('v2', {size: 0, digest: await digestOf('')});
    expect(await stageAsset(asset, stageOf(asset))).toBe('fetched');
    expect(await stored(pinOf())).toBe('');
  });

  it('is written into a file, and not stored in the cache', async () => {
    network[URL_OF_MODEL] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2', {file: 'data/places.sqlite'});
    expect(await stageAsset(asset, stageOf(asset))).toBe('fetched');
    expect(await textOf(pinOf(), 'data/places.sqlite')).toBe(RIGHT);
    expect(await caches.has(pinOf().cacheName)).toBe(false);
  });

  it.each([
    ['others', 'wrong-digest', WRONG_OF_SAME_SIZE],
    ['more', 'too-long', `${RIGHT}.`],
    ['fewer', 'too-short', RIGHT.slice(1)],
  ])('is fetched again past the HTTP cache if its bytes are %s', async (_what, _reason, wrong) => {
    network[URL_OF_MODEL] = [() => new Response(wrong), () => new Response(RIGHT)];
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    expect(await stageAsset(asset, stage)).toBe('fetched');
    expect(requests.map(({cache}) => cache)).toEqual(['default', 'reload']);
    expect(await stored(pinOf())).toBe(RIGHT);
    expect(stage.progress.snapshot().bytes.fetched).toBe(RIGHT.length);
  });

  it.each([
    ['is fetched once more where budgets may have made room', true, 'fetched', 2],
    ['fails at a full disk without budgets', false, {key: urlOf('v2'), reason: 'quota-exceeded'}, 1],
  ])('%s', async (_what, hasBudgets, outcome, count) => {
    worker.ledger = hasBudgets
      ? {admit: async () => undefined, settle: () => undefined, use: () => undefined}
      : undefined;
    vi.spyOn(Cache.prototype, 'put').mockRejectedValueOnce(new DOMException('full', 'QuotaExceededError'));
    const answer = () => new Response(RIGHT);
    network[`${urlOf('v2')}?signature=secret`] = [answer, answer];
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, stageOf(asset))).toEqual(outcome);
    expect(requests.map(({cache}) => cache)).toEqual(Array(count).fill('default'));
    expect(await stored(pinOf())).toBe(hasBudgets ? RIGHT : undefined);
  });

  it.each([
    ['others', 'wrong-digest', WRONG_OF_SAME_SIZE],
    ['more', 'too-long', `${RIGHT}.`],
    ['fewer', 'too-short', RIGHT.slice(1)],
  ])('fails if its bytes are %s twice, and is not fetched again', async (_what, reason, wrong) => {
    network[URL_OF_MODEL] = [() => new Response(wrong), () => new Response(wrong), () => new Response(RIGHT)];
    for (const file of [undefined, 'places.sqlite']) {
      const asset = await modelOf('v2', {file});
      requests = [];
      network[URL_OF_MODEL] = [() => new Response(wrong), () => new Response(wrong)];
      expect(await stageAsset(asset, stageOf(asset))).toEqual({key: urlOf('v2'), reason});
      expect(requests).toHaveLength(2);
    }
    expect(await caches.has(pinOf().cacheName)).toBe(false);
    expect((await textOf(pinOf(), 'places.sqlite')) ?? '').toBe('');
  });

  it('fails with the reason of the second attempt', async () => {
    network[URL_OF_MODEL] = [() => new Response(WRONG), () => new Response('busy', {status: 503})];
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, stageOf(asset))).toEqual({
      key: urlOf('v2'),
      reason: 'status',
      status: 503,
    });
  });

  it.each([206, 404, 500])('fails if the host answers with %i, and discards the body', async (status) => {
    const cancel = vi.fn();
    network[URL_OF_MODEL] = [() => new Response(new ReadableStream({cancel}), {status})];
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, stageOf(asset))).toEqual({key: urlOf('v2'), reason: 'status', status});
    expect(requests).toHaveLength(1);
    await eventually(() => expect(cancel).toHaveBeenCalledOnce());
    expect(await caches.has(pinOf().cacheName)).toBe(false);
  });

  it('fails if the host cannot be reached', async () => {
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, stageOf(asset))).toEqual({key: urlOf('v2'), reason: 'unreachable'});
    expect(requests).toHaveLength(1);
  });

  it.each([undefined, 'places.sqlite'])(
    'fails if the connection breaks, and leaves nothing behind (file: %s)',
    async (file) => {
      network[URL_OF_MODEL] = [failing];
      const asset = await modelOf('v2', {file});
      expect(await stageAsset(asset, stageOf(asset))).toEqual({key: urlOf('v2'), reason: 'body-incomplete'});
      expect(requests).toHaveLength(1);
      expect(await caches.has(pinOf().cacheName)).toBe(false);
      expect((await textOf(pinOf(), 'places.sqlite')) ?? '').toBe('');
    },
  );

  it.each<[string, () => {answer: Promise<Response> | Response; begun: Promise<void> | undefined}]>([
    ['answer', () => ({answer: new Promise<never>(() => undefined), begun: undefined})],
    [
      'byte',
      () => {
        const {body, begun} = endless();
        return {answer: new Response(body), begun};
      },
    ],
  ])('fails if no %s arrives any more', async (_what, stall) => {
    const {answer, begun} = stall();
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    network[URL_OF_MODEL] = [() => answer];
    const asset = await modelOf('v2');
    const staged = stageAsset(asset, stageOf(asset));
    await eventually(() => expect(requests).toHaveLength(1));
    await begun;
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await staged).toEqual({key: urlOf('v2'), reason: 'unreachable'});
    expect(requests).toHaveLength(1);
    expect(await caches.has(pinOf().cacheName)).toBe(false);
  });

  it('fails if it is code that was redirected to another folder', async () => {
    const cancel = vi.fn();
    const headers = {'content-type': 'text/javascript'};
    network[URL_OF_MODEL] = [
      () =>
        Object.defineProperties(new Response(new ReadableStream({cancel}), {headers}), {
          redirected: {value: true},
          url: {value: 'https://a.test/v2.0.1/model'},
        }),
    ];
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, stageOf(asset))).toEqual({key: urlOf('v2'), reason: 'redirected-code'});
    await eventually(() => expect(cancel).toHaveBeenCalledOnce());
    expect(await caches.has(pinOf().cacheName)).toBe(false);
  });

  it.each<[string, string | undefined, () => void]>([
    [
      'the cache',
      undefined,
      () =>
        vi.spyOn(Cache.prototype, 'put').mockRejectedValue(new DOMException('full', 'QuotaExceededError')),
    ],
    [
      'files',
      'places.sqlite',
      () =>
        vi
          .spyOn(FileSystemFileHandle.prototype, 'createWritable')
          .mockRejectedValue(new DOMException('full', 'QuotaExceededError')),
    ],
  ])('fails if there is no room for it in %s', async (_where, file, fillUp) => {
    fillUp();
    network[URL_OF_MODEL] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2', {file});
    expect(await stageAsset(asset, stageOf(asset))).toEqual({key: urlOf('v2'), reason: 'quota-exceeded'});
    expect(requests).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ['has no private file system', StorageManager.prototype, 'getDirectory'],
    ['cannot write files in a worker', FileSystemFileHandle.prototype, 'createWritable'],
  ])('fails if it belongs in a file and the browser %s', async (_what, prototype, method) => {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, method) as PropertyDescriptor;
    const cancel = vi.fn();
    network[URL_OF_MODEL] = [() => new Response(new ReadableStream({cancel}))];
    const asset = await modelOf('v2', {file: 'places.sqlite'});
    Reflect.deleteProperty(prototype, method);
    try {
      expect(await stageAsset(asset, stageOf(asset))).toEqual({key: urlOf('v2'), reason: 'storage-failed'});
      await eventually(() => expect(cancel).toHaveBeenCalledOnce());
    } finally {
      Object.defineProperty(prototype, method, descriptor);
    }
  });

  it('fails if its release is evicted meanwhile', async () => {
    await releases.evictions.refresh();
    network[URL_OF_MODEL] = [
      async () => {
        await evictElsewhere();
        return new Response(RIGHT);
      },
    ];
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, stageOf(asset))).toEqual({key: urlOf('v2'), reason: 'release-evicted'});
    expect(await caches.has(pinOf().cacheName)).toBe(false);
  });

  it.each<[string, () => unknown]>([
    ['this worker', () => releases.evictions.note({line: LINE, kept: ['v1']})],
    ['another worker', evictElsewhere],
  ])('fails if its release was evicted before its turn by %s, and is not fetched', async (_who, evict) => {
    network[URL_OF_MODEL] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    await releases.evictions.refresh();
    await evict();
    expect(await stageAsset(asset, stage)).toEqual({key: urlOf('v2'), reason: 'release-evicted'});
    expect(requests).toEqual([]);
    expect(releases.inFlight.get(pinOf())).toBeUndefined();
  });

  it('cannot be read along while it is fetched: others wait', async () => {
    network[URL_OF_MODEL] = [() => new Response(endless().body)];
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    const staged = stageAsset(asset, stage);
    await eventually(() => expect(stage.progress.snapshot().bytes.fetched).toBe(1));
    expect(releases.inFlight.get(pinOf())?.isShared).toBe(false);
    controller.abort(new Error('aborted'));
    await expect(staged).rejects.toThrow('aborted');
  });

  it('may be a sound whose host tells no length, if its size is listed', async () => {
    const sound = () => new Response(RIGHT, {headers: {'content-type': 'audio/mpeg'}});
    network[URL_OF_MODEL] = [sound, sound, sound];
    const listed = await modelOf('v2', {digest: undefined});
    expect(await stageAsset(listed, stageOf(listed))).toBe('fetched');
    await caches.delete(pinOf().cacheName);
    const unlisted = await modelOf('v2', {digest: undefined, size: undefined});
    expect(await stageAsset(unlisted, stageOf(unlisted))).toEqual({key: urlOf('v2'), reason: 'endless'});
  });

  it('is fetched from its key if no other URL is known', async () => {
    network[urlOf('v2')] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2');
    expect(await stageAsset(asset, {...stageOf(asset), urls: new Map()})).toBe('fetched');
    expect(requests.map(({url}) => url)).toEqual([urlOf('v2')]);
  });
});

describe('a large asset that no release has', () => {
  const MIB = 1024 * 1024;
  const SIZE = 16 * MIB;
  const fileOf = (seed: number): Uint8Array<ArrayBuffer> =>
    new Uint8Array(new Uint32Array(SIZE / 4).map((_, word) => word * 31 + seed).buffer);
  const FILE = fileOf(0);
  const OTHER = fileOf(7);

  let target: Pin;
  let url: string;
  let pieces: string;

  beforeEach(() => {
    target = pinOf('v2', LINE, 'large');
    url = `${target.key}?signature=secret`;
    pieces = `holdfast-pieces ${target.cacheName} ${target.key}`;
    downloads().setUp(worker);
  });

  const largeModel = async (more: Partial<StagedAsset> = {}): Promise<StagedAsset> =>
    modelOf('v2', {key: target.key, size: SIZE, digest: await digestOf(FILE), ...more});

  /** What a host does before it sends the bytes from an offset on. */
  type Before = (offset: number) => Promise<void>;

  const breakAt =
    (at: number): Before =>
    async (offset) => {
      if (offset === at) {
        throw new TypeError('network error');
      }
    };

  const holdAt =
    (at: number, until: Promise<void> = new Promise(() => undefined)): Before =>
    async (offset) => {
      if (offset === at) {
        await until;
      }
    };

  /** A host's answer with a file from an offset on. */
  const answerWith = (
    file: Uint8Array<ArrayBuffer>,
    {start = 0, before = async () => undefined}: {start?: number; before?: Before} = {},
  ): Response => {
    let offset = start;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: async (sender) => {
          await before(offset);
          sender.enqueue(file.slice(offset, offset + MIB));
          offset += MIB;
          if (offset === SIZE) {
            sender.close();
          }
        },
      },
      {highWaterMark: 0},
    );
    const headers = new Headers({etag: '"one"', 'content-length': String(SIZE - start)});
    if (start > 0) {
      headers.set('content-range', `bytes ${start}-${SIZE - 1}/${SIZE}`);
    }
    return new Response(body, {status: start > 0 ? 206 : 200, headers});
  };

  const restFrom = (start: number): string => `bytes=${start}-${SIZE - 1}`;
  const rangesAsked = () => requests.map(({range}) => range);

  /** Whether the bytes are those of the file, however many there are. */
  const isFile = async (body: Response | File | undefined): Promise<boolean> =>
    indexedDB.cmp(await body?.arrayBuffer(), FILE) === 0;
  const isStored = async (): Promise<boolean> =>
    isFile(await caches.match(target.key, {cacheName: target.cacheName}));

  /** Begins to stage it, and aborts that when so many bytes have arrived. */
  const abortAt = async (bytes: number, asset: StagedAsset): Promise<void> => {
    network[url] = [() => answerWith(FILE, {before: holdAt(bytes)})];
    const stage = stageOf(asset);
    const staged = stageAsset(asset, stage);
    await eventually(() => expect(stage.progress.snapshot().bytes.fetched).toBe(bytes));
    controller.abort(new Error('aborted'));
    await expect(staged).rejects.toThrow('aborted');
    controller = new AbortController();
    requests = [];
  };

  it('is fetched by one request, and leaves no pieces', async () => {
    network[url] = [() => answerWith(FILE)];
    const asset = await largeModel();
    const stage = stageOf(asset);
    expect(await stageAsset(asset, stage)).toBe('fetched');
    expect(requests).toEqual([{url, cache: 'default', mode: 'cors', range: null}]);
    expect(stage.progress.snapshot().bytes.fetched).toBe(SIZE);
    expect(await isStored()).toBe(true);
    await eventually(async () => expect(await caches.has(pieces)).toBe(false));
  });

  it('is fetched again from its beginning in a worker without downloads', async () => {
    worker.part(FileFetcher).inPieces = undefined;
    const asset = await largeModel();
    await abortAt(10 * MIB, asset);
    expect(await caches.has(pieces)).toBe(false);

    network[url] = [() => answerWith(FILE)];
    expect(await stageAsset(asset, stageOf(asset))).toBe('fetched');
    expect(rangesAsked()).toEqual([null]);
    expect(await isStored()).toBe(true);
  });

  it('is fetched into a file', async () => {
    network[url] = [() => answerWith(FILE)];
    const asset = await largeModel({file: 'places.sqlite'});
    expect(await stageAsset(asset, stageOf(asset))).toBe('fetched');
    expect(await isFile(await readFile(target, 'places.sqlite'))).toBe(true);
    await eventually(async () => expect(await caches.has(pieces)).toBe(false));
  });

  it('resumes if its connection breaks, and is verified from its beginning', async () => {
    network[url] = [
      () => answerWith(FILE, {before: breakAt(10 * MIB)}),
      () => answerWith(FILE, {start: 10 * MIB}),
    ];
    const asset = await largeModel();
    const stage = stageOf(asset);
    expect(await stageAsset(asset, stage)).toBe('fetched');
    expect(rangesAsked()).toEqual([null, restFrom(10 * MIB)]);
    expect(stage.progress.snapshot().bytes.fetched).toBe(SIZE);
    expect(await isStored()).toBe(true);
  });

  it('resumes if nothing arrives on its connection any more', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    network[url] = [
      () => answerWith(FILE, {before: holdAt(10 * MIB)}),
      () => answerWith(FILE, {start: 10 * MIB}),
    ];
    const asset = await largeModel();
    const stage = stageOf(asset);
    const staged = stageAsset(asset, stage);
    await eventually(() => expect(stage.progress.snapshot().bytes.fetched).toBe(10 * MIB));
    await vi.advanceTimersByTimeAsync(30_000);
    await eventually(() => expect(rangesAsked()).toEqual([null, restFrom(10 * MIB)]));
    expect(await staged).toBe('fetched');
    expect(await isStored()).toBe(true);
  });

  it('is fetched again if the rest of it is wrong', async () => {
    const rest = () => answerWith(OTHER, {start: 10 * MIB});
    const asset = await largeModel();
    await abortAt(10 * MIB, asset);
    network[url] = [rest, () => answerWith(FILE)];
    expect(await stageAsset(asset, stageOf(asset))).toBe('fetched');
    expect(rangesAsked()).toEqual([restFrom(10 * MIB), null]);
    expect(await isStored()).toBe(true);
  });

  it('is fetched again past the HTTP cache if its bytes are wrong, and they are deleted', async () => {
    let hasPieces: boolean | undefined;
    network[url] = [
      () => answerWith(OTHER),
      async () => {
        hasPieces = await caches.has(pieces);
        return answerWith(FILE);
      },
    ];
    const asset = await largeModel();
    const stage = stageOf(asset);
    expect(await stageAsset(asset, stage)).toBe('fetched');
    expect(requests.map(({cache, range}) => [cache, range])).toEqual([
      ['default', null],
      ['reload', null],
    ]);
    expect(hasPieces).toBe(false);
    expect(stage.progress.snapshot().bytes.fetched).toBe(SIZE);
    expect(await isStored()).toBe(true);
  });

  it('fails if its bytes are wrong twice, and they are deleted', async () => {
    network[url] = [() => answerWith(OTHER), () => answerWith(OTHER), () => answerWith(FILE)];
    const asset = await largeModel();
    expect(await stageAsset(asset, stageOf(asset))).toEqual({key: target.key, reason: 'wrong-digest'});
    expect(requests).toHaveLength(2);
    expect(await caches.has(pieces)).toBe(false);
    expect(await caches.match(target.key)).toBeUndefined();
  });

  it.each([undefined, 'places.sqlite'])(
    'stays in pieces if the stage is aborted, and the next attempt resumes (file: %s)',
    async (file) => {
      const asset = await largeModel({file});
      await abortAt(10 * MIB, asset);
      // With that cache the pieces would go.
      expect(await caches.has(target.cacheName)).toBe(true);
      expect(await caches.has(pieces)).toBe(true);
      network[url] = [() => answerWith(FILE, {start: 10 * MIB})];
      const stage = stageOf(asset);
      expect(await stageAsset(asset, stage)).toBe('fetched');
      expect(rangesAsked()).toEqual([restFrom(10 * MIB)]);
      expect(stage.progress.snapshot().bytes.fetched).toBe(SIZE);
      expect(file ? await isFile(await readFile(target, file)) : await isStored()).toBe(true);
    },
  );

  it('is not fetched again if there was no room for it', async () => {
    const {put} = Cache.prototype;
    const full = vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (
      this: Cache,
      key,
      response,
    ) {
      if (key === target.key) {
        await response.arrayBuffer();
        throw new DOMException('full', 'QuotaExceededError');
      }
      return put.call(this, key, response);
    });
    network[url] = [() => answerWith(FILE)];
    const asset = await largeModel();
    expect(await stageAsset(asset, stageOf(asset))).toEqual({key: target.key, reason: 'quota-exceeded'});
    full.mockRestore();
    expect(await stageAsset(asset, stageOf(asset))).toBe('fetched');
    expect(requests).toHaveLength(1);
    expect(await isStored()).toBe(true);
  });

  it('fails if its connection breaks and its host has the rest no longer', async () => {
    network[url] = [
      () => answerWith(FILE, {before: breakAt(10 * MIB)}),
      () => new Response('', {status: 404}),
    ];
    const asset = await largeModel();
    expect(await stageAsset(asset, stageOf(asset))).toEqual({key: target.key, reason: 'status', status: 404});
  });

  it('ends at once if the stage is aborted before the host answers with the rest', async () => {
    const asset = await largeModel();
    await abortAt(10 * MIB, asset);
    network[url] = [() => new Promise(() => undefined)];
    const ended = vi.fn();
    stageAsset(asset, stageOf(asset)).catch(ended);
    await eventually(() => expect(requests).toHaveLength(1));
    controller.abort(new Error('aborted'));
    await eventually(() => expect(ended).toHaveBeenCalled());
  });

  it('stays in pieces if the stage is aborted while a small asset is fetched, too', async () => {
    const small = await modelOf('v2');
    const {body, begun} = endless();
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(body)];
    const smallStaged = stageAsset(small, stageOf(small));
    await begun;
    await eventually(async () => expect(await caches.has(target.cacheName)).toBe(true));
    const large = await largeModel();
    const stage = stageOf(large);
    network[url] = [() => answerWith(FILE, {before: holdAt(10 * MIB)})];
    const largeStaged = stageAsset(large, stage);
    await eventually(() => expect(stage.progress.snapshot().bytes.fetched).toBe(10 * MIB));
    controller.abort(new Error('aborted'));
    await Promise.allSettled([smallStaged, largeStaged]);
    expect(await caches.has(target.cacheName)).toBe(true);
  });

  it.each([
    {status: 403, arePiecesKept: true},
    {status: 404, arePiecesKept: true},
    {status: 410, arePiecesKept: false},
  ])('fails if its host refuses the rest: %o', async ({status, arePiecesKept}) => {
    const asset = await largeModel();
    await abortAt(10 * MIB, asset);
    // It may refuse ranges alone, so it is asked for the whole file, too.
    network[url] = Array.from({length: 9}, () => () => new Response('', {status}));
    expect(await stageAsset(asset, stageOf(asset))).toEqual({key: target.key, reason: 'status', status});
    expect(rangesAsked()[0]).toBe(restFrom(10 * MIB));
    await eventually(async () => expect(await caches.has(pieces)).toBe(arePiecesKept));
  });

  it('can be read along as soon as its host answers', async () => {
    let respond: (response: Response) => void = () => undefined;
    network[url] = [
      () =>
        new Promise((resolve) => {
          respond = resolve;
        }),
    ];
    const asset = await largeModel();
    const staged = stageAsset(asset, stageOf(asset));
    await eventually(() => expect(requests).toHaveLength(1));
    expect(releases.inFlight.get(target)?.isShared).toBe(false);
    respond(answerWith(FILE, {before: holdAt(MIB)}));
    await eventually(() => expect(releases.inFlight.get(target)?.isShared).toBe(true));
    controller.abort(new Error('aborted'));
    await expect(staged).rejects.toThrow('aborted');
  });

  describe('and a page that reads it along', () => {
    /** Begins to stage it, and to answer a page. @returns what lets the host continue, and when each has it. */
    const readAlong = async () => {
      let resume: () => void = () => undefined;
      const until = new Promise<void>((resolve) => {
        resume = resolve;
      });
      network[url] = [() => answerWith(FILE, {before: holdAt(10 * MIB, until)})];
      const asset = await largeModel();
      const staged = stageAsset(asset, stageOf(asset));
      await eventually(() => expect(releases.inFlight.get(target)?.isShared).toBe(true));
      const strategy = new ResumableCacheFirst(
        {plugins: [new VersionScopePlugin({prefix: LINE, pattern: /\/(?<version>v\d+)\//}, worker)]},
        worker,
      );
      const event = new ExtendableEvent('fetch');
      const [answer, done] = strategy.handleAll({event, request: new Request(target.key)});
      return {resume, staged, page: isFile(await answer), done};
    };

    it('make one request and one entry', async () => {
      const put = vi.spyOn(Cache.prototype, 'put');
      const {resume, staged, page, done} = await readAlong();
      resume();
      expect(await staged).toBe('fetched');
      expect(await page).toBe(true);
      await done;
      expect(requests).toHaveLength(1);
      expect(put.mock.calls.filter(([key]) => key === target.key)).toHaveLength(1);
      expect(await isStored()).toBe(true);
      await eventually(async () => expect(await caches.has(pieces)).toBe(false));
    });

    it('are independent: the page gets it if the stage is aborted', async () => {
      const {resume, staged, page, done} = await readAlong();
      controller.abort(new Error('aborted'));
      await expect(staged).rejects.toThrow('aborted');
      resume();
      expect(await page).toBe(true);
      await done;
      expect(requests).toHaveLength(1);
      expect(await isStored()).toBe(true);
    });
  });
});

describe('the request of a page', () => {
  it('is waited for, and what it stores counts as present', async () => {
    const flight = releases.inFlight.begin(pinOf());
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    const staged = stageAsset(asset, stage);
    expect(stage.progress.snapshot().waiting).toBe(1);
    await store(pinOf(), RIGHT);
    flight.end(true);
    expect(await staged).toBe('present');
    expect(requests).toEqual([]);
    expect(stage.progress.snapshot().waiting).toBe(0);
  });

  it('that stores nothing leaves the asset to the stage, unless another page fetches it', async () => {
    const first = releases.inFlight.begin(pinOf());
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    const waited = vi.spyOn(stage.progress, 'whileWaiting');
    const staged = stageAsset(asset, stage);
    first.end(false);
    const second = releases.inFlight.begin(pinOf());
    await eventually(() => expect(waited).toHaveBeenCalledTimes(2));
    expect(requests).toEqual([]);
    second.end(true);
    expect(await staged).toBe('fetched');
  });

  it.each([
    ['is staged', () => new Response(RIGHT), 'fetched'],
    ['fails', () => new Response('', {status: 404}), {key: urlOf('v2'), reason: 'status', status: 404}],
  ])('waits until the asset %s', async (_what, answer, outcome) => {
    let respond: (response: Response) => void = () => undefined;
    network[`${urlOf('v2')}?signature=secret`] = [
      () =>
        new Promise((resolve) => {
          respond = resolve;
        }),
    ];
    const asset = await modelOf('v2');
    const staged = stageAsset(asset, stageOf(asset));
    const flight = releases.inFlight.get(pinOf());
    expect(flight).toBeDefined();
    await eventually(() => expect(requests).toHaveLength(1));
    respond(answer());
    expect(await staged).toEqual(outcome);
    // It is stored, or the page would hardly do better.
    expect(await flight?.ended).toBe(false);
    expect(releases.inFlight.get(pinOf())).toBeUndefined();
  });

  it('is not waited for any longer if it makes no progress', async () => {
    vi.useFakeTimers({toFake: ['setTimeout']});
    const flight = releases.inFlight.begin(pinOf());
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(RIGHT)];
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    const staged = stageAsset(asset, stage);
    expect(stage.progress.snapshot().waiting).toBe(1);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await staged).toBe('fetched');
    // The stalled connection may hold the entry of the HTTP cache.
    expect(requests.map(({cache}) => cache)).toEqual(['reload']);
    expect(stage.progress.snapshot().waiting).toBe(0);
    flight.end(true);
  });

  it('is not waited for any longer if the stage is aborted', async () => {
    const flight = releases.inFlight.begin(pinOf());
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    const staged = stageAsset(asset, stage);
    controller.abort(new Error('aborted'));
    await expect(staged).rejects.toThrow('aborted');
    expect(stage.progress.snapshot().waiting).toBe(0);
    expect(releases.inFlight.get(pinOf())).toBe(flight);
    flight.end(true);
  });
});

describe('a stage that is aborted', () => {
  it('leaves the asset to others that wait for it', async () => {
    const {body, begun} = endless();
    network[`${urlOf('v2')}?signature=secret`] = [() => new Response(body)];
    const asset = await modelOf('v2');
    const staged = stageAsset(asset, stageOf(asset));
    await begun;
    const waiting = releases.inFlight.whenEnded(releases.inFlight.get(pinOf()) as Flight);
    controller.abort(new Error('aborted'));
    await expect(staged).rejects.toThrow('aborted');
    expect(await waiting).toBe(true);
  });

  it.each([undefined, 'places.sqlite'])(
    'ends its request, and keeps nothing of it (file: %s)',
    async (file) => {
      const {body, begun} = endless();
      network[`${urlOf('v2')}?signature=secret`] = [() => new Response(body)];
      const asset = await modelOf('v2', {file});
      const staged = stageAsset(asset, stageOf(asset));
      await begun;
      controller.abort(new Error('aborted'));
      await expect(staged).rejects.toThrow('aborted');
      expect(requests).toHaveLength(1);
      expect(await caches.has(pinOf().cacheName)).toBe(false);
      expect((await textOf(pinOf(), 'places.sqlite')) ?? '').toBe('');
      expect(releases.inFlight.get(pinOf())).toBeUndefined();
    },
  );

  it('ends before its host answers', async () => {
    network[`${urlOf('v2')}?signature=secret`] = [
      () => {
        controller.abort(new Error('aborted'));
        return new Response(RIGHT);
      },
    ];
    const asset = await modelOf('v2');
    await expect(stageAsset(asset, stageOf(asset))).rejects.toThrow('aborted');
    expect(releases.inFlight.get(pinOf())).toBeUndefined();
  });

  it('ends while it verifies an asset, which does not count as damaged', async () => {
    await store(pinOf(), RIGHT);
    const {body, begun} = endless();
    vi.spyOn(CacheStorage.prototype, 'match').mockResolvedValueOnce(new Response(body));
    const asset = await modelOf('v2');
    const stage = stageOf(asset);
    const staged = stageAsset(asset, stage);
    await begun;
    controller.abort(new Error('aborted'));
    await expect(staged).rejects.toThrow('aborted');
    expect(stage.onDamage).not.toHaveBeenCalled();
    expect(await stored(pinOf())).toBe(RIGHT);
  });

  it('reuses nothing any more', async () => {
    await store(pinOf('v1'), RIGHT);
    const asset = await modelOf('v2');
    const stage = stageOf(asset, [otherRelease(await modelOf('v1'))]);
    controller.abort(new Error('aborted'));
    await expect(stageAsset(asset, stage)).rejects.toThrow('aborted');
    expect(await stored(pinOf('v1'))).toBe(RIGHT);
    expect(await caches.has(pinOf().cacheName)).toBe(false);
  });
});
