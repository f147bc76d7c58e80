import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {expectedOf} from './expectations.ts';
import type {ExpectedAsset} from './options.ts';
import {toHex} from './toHex.ts';
import {type VerifyCacheProgress, verifyCache, verifyEntry} from './verifyCache.ts';

const BYTES = 100_000;
const bytesOf = (fill: number) => new Uint8Array(BYTES).fill(fill);

const assetOf = async (name: string, body: Uint8Array<ArrayBuffer>): Promise<Required<ExpectedAsset>> => {
  const hex = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', body)));
  const url = `https://example.org/v1/${name}`;
  return {url, size: body.byteLength, digest: {algorithm: 'sha256', hex}} as Required<ExpectedAsset>;
};

let cache: Cache;
let assets: Required<ExpectedAsset>[];

/** Stores a body under a request with headers that verifying does not send. */
const replace = async (index: number, body: Uint8Array<ArrayBuffer>): Promise<void> => {
  const request = new Request(`${assets[index]?.url}`, {headers: {accept: 'application/wasm'}});
  await cache.put(request, new Response(body, {headers: {vary: 'accept'}}));
};

beforeEach(async () => {
  cache = await caches.open('assets');
  assets = await Promise.all(['a', 'b', 'c'].map((name, index) => assetOf(name, bytesOf(index))));
  for (const index of assets.keys()) {
    await replace(index, bytesOf(index));
  }
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await caches.delete('assets');
});

const keys = async (): Promise<string[]> => (await cache.keys()).map(({url}) => url.slice(-1));

const states = async (): Promise<string[]> => (await verifyCache(cache, assets)).map(({state}) => state);

describe('a cache', () => {
  it('keeps what is intact, and what is not listed', async () => {
    await cache.put('https://example.org/v1/d', new Response('other'));
    expect(await verifyCache(cache, assets)).toEqual(assets.map(({url}) => ({key: url, state: 'intact'})));
    expect(await keys()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('loses what is damaged, and reports what is missing', async () => {
    const [a, b] = assets.map(({url}) => url);
    await replace(0, bytesOf(0).fill(1, 5, 6));
    await cache.delete(`${b}`, {ignoreVary: true});
    const [damaged, ...others] = await verifyCache(cache, assets);

    expect(damaged).toMatchObject({
      key: a,
      state: 'damaged',
      failure: {reason: 'wrong-digest', got: {size: BYTES}},
    });
    expect(others.map(({state}) => state)).toEqual(['missing', 'intact']);
    expect(await keys()).toEqual(['c']);
    expect(await states()).toEqual(['missing', 'missing', 'intact']);
  });

  it.each([
    ['too-short', bytesOf(0).slice(1)],
    ['too-long', new Uint8Array(BYTES + 1)],
  ])('loses what is %s', async (reason, body) => {
    await replace(0, body);
    expect(await verifyCache(cache, assets.slice(0, 1))).toMatchObject([
      {state: 'damaged', failure: {reason}},
    ]);
    expect(await keys()).toEqual(['b', 'c']);
  });

  it('reports progress over all entries', async () => {
    const steps: VerifyCacheProgress[] = [];
    await cache.delete(`${assets[1]?.url}`, {ignoreVary: true});
    await verifyCache(cache, assets, {onProgress: (progress) => steps.push(progress)});

    expect(steps.map(({bytes}) => bytes)).toEqual(steps.map(({bytes}) => bytes).sort((a, b) => a - b));
    expect(new Set(steps.map(({key}) => key))).toEqual(new Set(assets.map(({url}) => url)));
    expect(steps.at(-1)).toEqual({key: assets[2]?.url, bytes: 3 * BYTES, totalBytes: 3 * BYTES});
  });

  it('is read no further after an abort', async () => {
    const controller = new AbortController();
    const reading = verifyCache(cache, assets, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('That is enough.')),
    });
    await expect(reading).rejects.toThrow('That is enough.');
    expect(await keys()).toEqual(['a', 'b', 'c']);
  });
});

describe('an entry', () => {
  /** Makes a cache with an entry that no test can put into a real one. */
  const holding = (response: Response) => {
    const deleted = vi.fn(async () => true);
    const partial: Pick<Cache, 'match' | 'delete'> = {match: async () => response, delete: deleted};
    return {deleted, cache: partial as Cache};
  };

  it.each([
    ['opaque', Object.defineProperty(new Response(), 'type', {value: 'opaque'})],
    ['unreadable', new Response(new ReadableStream({start: (body) => body.error(new Error('disk'))}))],
  ])('is deleted when it is %s', async (reason, response) => {
    const {deleted, cache: holder} = holding(response);
    expect(await verifyEntry(holder, 'https://example.org/', {size: 7})).toEqual({
      key: 'https://example.org/',
      state: 'damaged',
      failure: {reason, expected: {size: 7}, got: {}},
    });
    expect(deleted).toHaveBeenCalledOnce();
  });

  it('stays where the browser makes no digest of it', async () => {
    const [asset] = assets as [ExpectedAsset];
    vi.spyOn(crypto.subtle, 'digest').mockRejectedValue(new DOMException('too large'));
    await expect(verifyEntry(cache, asset.url, expectedOf(asset))).rejects.toThrow(
      "verifyCache: the browser made no sha256 of 'https://example.org/v1/a'.",
    );
    vi.restoreAllMocks();
    expect(await keys()).toEqual(['a', 'b', 'c']);
  });
});
