import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {WorkerState} from '../../worker/WorkerState.ts';
import {type Pin, pinOf as pin} from '../pinRequest.ts';
import {type Checked, Releases, type StagedReleases} from '../Releases.ts';
import {changeRecords} from '../records.ts';
import {readFile, removeFiles, writeFile} from './releaseFiles.ts';
import type {StagedAsset} from './StagedAsset.ts';
import {StagedAssets} from './StagedAssets.ts';

const LINE = 'places-en';
const KEY = 'https://a.test/v1/places.sqlite';
const BYTES = 'Ghent';
const FILE = 'places.sqlite';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

let releases: Releases;
let staged: StagedAssets;

beforeEach(() => {
  releases = new WorkerState().part(Releases);
  staged = new StagedAssets(releases);
  releases.staged = staged;
});

afterEach(async () => {
  await changeRecords((change) => change.deleteLine(LINE));
  await removeFiles(LINE, []);
});

const pinOf = (version = 'v1', key = KEY): Pin => pin(releases, key, LINE, version);

/** Records a release that was staged with one asset. */
const stage = (asset: Partial<StagedAsset>, version = 'v1'): Promise<void> =>
  changeRecords((change) =>
    change.put('release', {line: LINE, version, order: 1, isComplete: true, assets: [{key: KEY, ...asset}]}),
  );

const write = (text: string, version = 'v1'): Promise<void> =>
  writeFile(pinOf(version), FILE, new Blob([text]).stream());

const found = async (one = pinOf()): Promise<string | undefined> => (await staged.find(one))?.text();

describe('an asset that is a file', () => {
  it('is found, with its length', async () => {
    await stage({size: BYTES.length, file: FILE});
    await write(BYTES);
    const response = await staged.find(pinOf());
    expect(response?.headers.get('content-length')).toBe('5');
    expect(await response?.text()).toBe(BYTES);
  });

  it('is found where its size is not known, and where it must be empty', async () => {
    await stage({file: FILE});
    await write(BYTES);
    expect(await found()).toBe(BYTES);
    await stage({size: 0, file: FILE}, 'v2');
    await write('', 'v2');
    expect(await found(pinOf('v2'))).toBe('');
  });

  it('is found empty if its digest is that of an empty file', async () => {
    await stage({digest: {algorithm: 'sha256', hex: EMPTY}, file: FILE});
    await write('');
    expect(await found()).toBe('');
  });

  it.each<[string, Partial<StagedAsset>, string | undefined]>([
    [
      'is being written, and has a digest',
      {digest: {algorithm: 'sha256', hex: 'ab'.repeat(32)}, file: FILE},
      '',
    ],
    ['is missing', {size: BYTES.length, file: FILE}, undefined],
    ['is being written, and still empty', {file: FILE}, ''],
    ['is too short', {size: BYTES.length, file: FILE}, 'Ghen'],
    ['is too long', {size: BYTES.length, file: FILE}, 'Ghent.'],
    ['belongs in the cache', {size: BYTES.length}, BYTES],
  ])('is not found if it %s', async (_what, asset, text) => {
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

describe('a response that a page is about to store', () => {
  const checked = (response: Response): ReturnType<StagedReleases['checked']> =>
    staged.checked(pinOf(), response);

  it('is left alone if the release was not staged, or has no such asset', async () => {
    expect(await checked(new Response(BYTES))).toBeUndefined();
    await stage({key: 'https://a.test/v1/model', size: 7});
    staged.forget();
    expect(await checked(new Response(BYTES))).toBeUndefined();
  });

  it('is refused if the asset is a file', async () => {
    await stage({size: BYTES.length, file: FILE});
    expect(await checked(new Response(BYTES))).toBe('kept-as-file');
  });

  it('is refused if it is opaque', async () => {
    await stage({size: BYTES.length});
    // As no test can make a real one.
    const opaque = Object.defineProperty(new Response(BYTES), 'type', {value: 'opaque'});
    expect(await checked(opaque)).toBe('integrity-failed');
  });

  it('passes with the right bytes', async () => {
    await stage({size: BYTES.length});
    const {response, failure} = (await checked(new Response(BYTES, {headers: {etag: '"1"'}}))) as Checked;
    expect(response.headers.get('etag')).toBe('"1"');
    expect(await response.text()).toBe(BYTES);
    expect(failure()).toBeUndefined();
  });

  it.each(['Ghen', 'Ghent.', 'Gand.'])('fails with other bytes: %s', async (text) => {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(BYTES));
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
    await stage({size: BYTES.length, digest: {algorithm: 'sha256', hex}});
    const {response, failure} = (await checked(new Response(text))) as Checked;
    await expect(response.text()).rejects.toThrow();
    expect(failure()?.expected.size).toBe(BYTES.length);
  });
});

describe('the record of a release', () => {
  it.each<[string, () => unknown]>([
    ['this worker has changed the records', () => releases.forget()],
    ['this worker evicts', () => staged.evict(LINE, ['v1'])],
    [
      'another worker has changed the records',
      async () => {
        await new WorkerState().part(Releases).evictions.change(() => undefined);
        await releases.evictions.refresh();
      },
    ],
  ])('is read once, and again when %s', async (_what, change) => {
    await releases.evictions.refresh();
    await write(BYTES);
    expect(await found()).toBeUndefined();
    await stage({size: BYTES.length, file: FILE});
    expect(await found()).toBeUndefined();
    await change();
    expect(await found()).toBe(BYTES);
  });
});

it('deletes the files of a line, except of some versions', async () => {
  for (const version of ['v1', 'v2', 'v3']) {
    await write(version, version);
  }
  await staged.evict(LINE, ['v2']);
  const left = await Promise.all(['v1', 'v2', 'v3'].map((version) => readFile(pinOf(version), FILE)));
  expect(left.map((file) => file !== undefined)).toEqual([false, true, false]);
});
