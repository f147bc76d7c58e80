import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {missingAssets} from './missingAssets.ts';
import type {Pin} from './pinned.ts';
import {releaseKeeper, setReleaseKeeper} from './releaseKeeper.ts';
import type {ReleaseAsset} from './state.ts';

const CACHE = 'assets-en-v1';
const urlOf = (name: string): string => `https://a.test/en/v1/${name}`;

const missing = async (...assets: ReleaseAsset[]): Promise<string[]> => {
  const release = {line: 'assets-en', version: 'v1', order: 1, isWhole: true, assets};
  return (await missingAssets(release)).map(({key}) => key);
};

const put = async (name: string, headers?: HeadersInit): Promise<void> => {
  const request = new Request(urlOf(name), {headers: {accept: 'application/wasm'}});
  await (await caches.open(CACHE)).put(request, new Response('', headers && {headers}));
};

afterEach(async () => {
  await caches.delete(CACHE);
});

it('are those that the release’s cache does not have, in the order of the release', async () => {
  await put('b');
  expect(await missing(...['c', 'b', 'a'].map((name) => ({key: urlOf(name)})))).toEqual([
    urlOf('c'),
    urlOf('a'),
  ]);
});

it('are none when all are there, however they were asked for', async () => {
  await put('a');
  await put('b', {vary: 'accept'});
  expect(await missing({key: urlOf('a')}, {key: urlOf('b')})).toEqual([]);
});

it('are all where there is no cache, which is not made for the question', async () => {
  expect(await missing({key: urlOf('a')})).toEqual([urlOf('a')]);
  expect(await caches.has(CACHE)).toBe(false);
});

describe('those that are kept elsewhere', () => {
  const places = {key: urlOf('places.sqlite'), file: 'places.sqlite'};
  const nothingElse = releaseKeeper();
  const find = vi.fn(async (_pin: Pin): Promise<Response | undefined> => undefined);

  beforeEach(() => {
    find.mockReset();
    setReleaseKeeper({...nothingElse, find});
  });

  afterEach(() => setReleaseKeeper(nothingElse));

  it('are not missing when they are there, and only they are asked for', async () => {
    await put('a');
    find.mockResolvedValue(new Response('Ghent'));
    expect(await missing({key: urlOf('a')}, {key: urlOf('b')}, places)).toEqual([urlOf('b')]);
    expect(find.mock.calls).toMatchObject([
      [{key: places.key, line: 'assets-en', version: 'v1', cacheName: CACHE}],
    ]);
  });

  it('are missing when they are not there, although the cache has a copy', async () => {
    await put('places.sqlite');
    expect(await missing(places)).toEqual([places.key]);
  });
});

it('may be in the cache of another release', async () => {
  await (await caches.open('assets-en-v2')).put(urlOf('a'), new Response(''));
  expect(await missing({key: urlOf('a')})).toEqual([urlOf('a')]);
  await caches.delete('assets-en-v2');
});
