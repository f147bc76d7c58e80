import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {changeState, type Pin, pin, type ReleaseKeeper} from '../staging.ts';
import {createReleaseKeeper, forgetAssets} from './createReleaseKeeper.ts';
import {readFile, removeFiles, writeFile} from './keptFiles.ts';
import type {StagedAsset} from './readAssets.ts';

const LINE = 'places-en';
const KEY = 'https://a.test/v1/places.sqlite';
const BYTES = 'Ghent';
const FILE = 'places.sqlite';

const keeper = createReleaseKeeper();
/** Another worker of the origin. */
let other: BroadcastChannel;

beforeEach(() => {
  other = new BroadcastChannel('holdfast');
});

afterEach(async () => {
  other.close();
  await changeState((change) => change.deleteLine(LINE));
  forgetAssets();
  await removeFiles(LINE, []);
});

const pinOf = (version = 'v1', key = KEY): Pin => pin(key, LINE, version);

/** A release that was staged with one asset. */
const stage = (asset: Partial<StagedAsset>, version = 'v1'): Promise<void> =>
  changeState((change) =>
    change.putRelease({line: LINE, version, order: 1, isWhole: true, assets: [{key: KEY, ...asset}]}),
  );

const write = (text: string, version = 'v1'): Promise<void> =>
  writeFile(pinOf(version), FILE, new Blob([text]).stream());

const found = async (one = pinOf()): Promise<string | undefined> => (await keeper.find(one))?.text();

describe('an asset that is kept as a file', () => {
  it('is found there, with its length', async () => {
    await stage({size: BYTES.length, file: FILE});
    await write(BYTES);
    const response = await keeper.find(pinOf());
    expect(response?.headers.get('content-length')).toBe('5');
    expect(await response?.text()).toBe(BYTES);
  });

  it('is found also where nobody states its size, and where it is empty and has to be', async () => {
    await stage({file: FILE});
    await write(BYTES);
    expect(await found()).toBe(BYTES);
    await stage({size: 0, file: FILE}, 'v2');
    await write('', 'v2');
    expect(await found(pinOf('v2'))).toBe('');
  });

  it.each([
    ['is not there', {size: BYTES.length, file: FILE}, undefined],
    ['is being written, and empty as yet', {file: FILE}, ''],
    ['is shorter than it has to be', {size: BYTES.length, file: FILE}, 'Ghen'],
    ['is longer than it has to be', {size: BYTES.length, file: FILE}, 'Ghent.'],
    ['belongs into the cache', {size: BYTES.length}, BYTES],
  ])('is not found where it %s', async (_what, asset, text) => {
    await stage(asset);
    await (text === undefined ? undefined : write(text));
    expect(await found()).toBeUndefined();
  });

  it('is not found in another release, or by another key', async () => {
    await stage({size: BYTES.length, file: FILE});
    await write(BYTES);
    await write(BYTES, 'v2');
    expect(await found(pinOf('v2'))).toBeUndefined();
    expect(await found(pinOf('v1', 'https://a.test/v1/places.sqlite.gz'))).toBeUndefined();
  });
});

describe('what a page is about to store', () => {
  const checked = (response: Response): ReturnType<ReleaseKeeper['checked']> =>
    keeper.checked(pinOf(), response);

  it('is left alone where the release was not staged, or has no such asset', async () => {
    expect(await checked(new Response(BYTES))).toBeUndefined();
    await stage({key: 'https://a.test/v1/model', size: 7});
    forgetAssets();
    expect(await checked(new Response(BYTES))).toBeUndefined();
  });

  it('is refused where it is kept as a file', async () => {
    await stage({size: BYTES.length, file: FILE});
    expect(await checked(new Response(BYTES))).toBe('kept-as-file');
  });

  it('is refused where nobody may look into it', async () => {
    await stage({size: BYTES.length});
    // As no test can make a real one.
    const opaque = Object.defineProperty(new Response(BYTES), 'type', {value: 'opaque'});
    expect(await checked(opaque)).toBe('integrity-failed');
  });

  it('has the bytes that it has to have', async () => {
    await stage({size: BYTES.length});
    const response = (await checked(new Response(BYTES, {headers: {etag: '"1"'}}))) as Response;
    expect(response.headers.get('etag')).toBe('"1"');
    expect(await response.text()).toBe(BYTES);
  });

  it.each(['Ghen', 'Ghent.', 'Gand.'])('breaks off with other bytes: %s', async (text) => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(BYTES));
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    await stage({size: BYTES.length, digest: {algorithm: 'sha256', hex}});
    const response = (await checked(new Response(text))) as Response;
    await expect(response.text()).rejects.toThrow();
    expect(Symbol.for('holdfast.integrity-failed') in response).toBe(true);
  });
});

describe('what is known of a release', () => {
  it.each<[string, () => unknown]>([
    ['this worker has changed it', () => forgetAssets()],
    ['this worker evicts', () => keeper.evict(LINE, ['v1'])],
    ['another worker has told something', () => other.postMessage({type: 'VERSION_SWITCHED'})],
  ])('is read once, and again when %s', async (_what, change) => {
    await write(BYTES);
    expect(await found()).toBeUndefined();
    await stage({size: BYTES.length, file: FILE});
    expect(await found()).toBeUndefined();
    await change();
    await expect.poll(() => found()).toBe(BYTES);
  });
});

it('deletes the files of a line, except of some versions', async () => {
  for (const version of ['v1', 'v2', 'v3']) {
    await write(version, version);
  }
  await keeper.evict(LINE, ['v2']);
  const left = await Promise.all(['v1', 'v2', 'v3'].map((version) => readFile(pinOf(version), FILE)));
  expect(left.map((file) => file !== undefined)).toEqual([false, true, false]);
});
