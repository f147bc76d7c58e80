import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {WorkerState} from '../../worker/WorkerState.ts';
import type {Pin} from '../pinRequest.ts';
import {Releases} from '../Releases.ts';
import type {ReleaseAsset} from '../records.ts';
import {nothingStaged} from '../testing/nothingStaged.ts';
import {missingAssets} from './missingAssets.ts';

const CACHE = 'assets-en-v1';
const urlOf = (name: string): string => `https://a.test/en/v1/${name}`;

let releases: Releases;

const missing = async (...assets: ReleaseAsset[]): Promise<string[]> => {
  const release = {line: 'assets-en', version: 'v1', order: 1, isComplete: true, assets};
  return (await missingAssets(releases, release)).map(({key}) => key);
};

const put = async (name: string, headers?: HeadersInit): Promise<void> => {
  const request = new Request(urlOf(name), {headers: {accept: 'application/wasm'}});
  await (await caches.open(CACHE)).put(request, new Response('', headers && {headers}));
};

beforeEach(() => {
  releases = new WorkerState().part(Releases);
});

afterEach(async () => {
  await caches.delete(CACHE);
});

it('returns the assets that the release’s cache does not hold, in the order of the release', async () => {
  await put('b');
  expect(await missing(...['c', 'b', 'a'].map((name) => ({key: urlOf(name)})))).toEqual([
    urlOf('c'),
    urlOf('a'),
  ]);
});

it('returns none when all are stored, however they were asked for', async () => {
  await put('a');
  await put('b', {vary: 'accept'});
  expect(await missing({key: urlOf('a')}, {key: urlOf('b')})).toEqual([]);
});

it('returns all where there is no cache, and makes none', async () => {
  expect(await missing({key: urlOf('a')})).toEqual([urlOf('a')]);
  expect(await caches.has(CACHE)).toBe(false);
});

describe('an asset in the origin private file system', () => {
  const places = {key: urlOf('places.sqlite'), file: 'places.sqlite'};
  const find = vi.fn(async (_pin: Pin): Promise<Response | undefined> => undefined);

  beforeEach(() => {
    find.mockReset();
    releases.staged = {...nothingStaged, find};
  });

  it('is not missing when it is found, and no other asset is looked for there', async () => {
    await put('a');
    find.mockResolvedValue(new Response('Ghent'));
    expect(await missing({key: urlOf('a')}, {key: urlOf('b')}, places)).toEqual([urlOf('b')]);
    expect(find.mock.calls).toMatchObject([
      [{key: places.key, line: 'assets-en', version: 'v1', cacheName: CACHE}],
    ]);
  });

  it('is missing when it is not found, although the cache holds a copy', async () => {
    await put('places.sqlite');
    expect(await missing(places)).toEqual([places.key]);
  });

  it('is missing in a worker without staging', async () => {
    releases.staged = undefined;
    expect(await missing(places)).toEqual([places.key]);
  });
});

it('does not look into the caches of other releases', async () => {
  await (await caches.open('assets-en-v2')).put(urlOf('a'), new Response(''));
  expect(await missing({key: urlOf('a')})).toEqual([urlOf('a')]);
  await caches.delete('assets-en-v2');
});
