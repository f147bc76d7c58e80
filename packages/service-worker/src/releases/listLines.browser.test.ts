import {afterEach, expect, it} from 'vitest';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {piecesOf} from '../downloads/piecesName.ts';
import type {LineInfo} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {listLines} from './listLines.ts';
import {Releases} from './Releases.ts';
import {changeRecords} from './records.ts';
import {clearStorage} from './testing/clearStorage.ts';
import {recordCaches} from './testing/recordCaches.ts';

const LINE = 'assets-en';
const pattern = /\/(?<locale>en|de)\/(?:(?<version>v\d+)\/)?[\w.]+$/;
const urlOf = (version: string, name = 'model'): string => `https://a.test/en/${version}/${name}`;

afterEach(async () => {
  await clearStorage();
});

/** A worker that has routes with these prefixes. */
const startWorker = (...prefixes: unknown[]): Releases =>
  new WorkerState(
    () => prefixes.map((prefix) => ({holdfast: 'versionScope', scope: {prefix, pattern}})) as WorkboxPlugin[],
  ).part(Releases);

const list = (...prefixes: unknown[]): Promise<LineInfo[]> => listLines(startWorker(...prefixes));

/** What is listed of releases, without what their caches hold. */
const listed = async (...prefixes: unknown[]): Promise<string[]> =>
  (await list(...prefixes)).flatMap(({line, releases}) => releases.map(({version}) => `${line} ${version}`));

/** Puts a file into a cache that is not recorded. */
const put = async (cacheName: string, url: string, body = 'six'): Promise<void> =>
  (await caches.open(cacheName)).put(url, new Response(body));

/** Puts a file into the cache of a release. */
const fill = async (line: string, version: string): Promise<void> => {
  await recordCaches(line, version);
  await put(`${line}-${version}`, urlOf(version));
};

it('lists the recorded caches of each line by name, with their entries and bytes', async () => {
  await fill(LINE, 'v2');
  await fill(LINE, 'v1');
  await put(`${LINE}-v1`, urlOf('v1', 'labels'), 'labels');
  await fill('assets-de', 'v1');
  await recordCaches('assets-de', 'v2');
  await caches.open('assets-de-v2');
  expect(await list('assets')).toEqual([
    {
      line: 'assets-de',
      current: null,
      releases: [
        {version: 'v1', state: 'other', cacheName: 'assets-de-v1', entries: 1, bytes: 3},
        {version: 'v2', state: 'other', cacheName: 'assets-de-v2', entries: 0, bytes: 0},
      ],
    },
    {
      line: LINE,
      current: null,
      releases: [
        {version: 'v1', state: 'other', cacheName: 'assets-en-v1', entries: 2, bytes: 9},
        {version: 'v2', state: 'other', cacheName: 'assets-en-v2', entries: 1, bytes: 3},
      ],
    },
  ]);
});

it('counts a large file that is in pieces, also before all of it is there', async () => {
  await fill(LINE, 'v1');
  for (const name of ['large', 'model']) {
    const cacheName = piecesOf(`${LINE}-v1`) + urlOf('v1', name);
    await put(cacheName, 'https://pieces.invalid/', '{}');
    await put(cacheName, 'https://pieces.invalid/0-10?tag', 'ten bytes.');
    await put(cacheName, 'https://pieces.invalid/20-25?tag', 'five.');
  }
  const [line] = await list('assets');
  // The other one has an entry, which its pieces will be deleted for.
  expect(line?.releases).toMatchObject([{version: 'v1', entries: 2, bytes: 18}]);
});

it('tells which release is current, kept for a rollback, staged, or being staged', async () => {
  for (const version of ['v1', 'v2', 'v3', 'v4', 'v5']) {
    await fill(LINE, version);
  }
  const assets = [{key: urlOf('v3')}];
  await changeRecords((change) => {
    change.put('line', {line: LINE, current: 'v2', previous: ['v1'], evicting: false});
    change.put('release', {line: LINE, version: 'v2', order: 1, isComplete: true, assets});
    change.put('release', {line: LINE, version: 'v3', order: 2, isComplete: true, assets});
    change.put('release', {line: LINE, version: 'v4', order: 3, isComplete: false, assets});
  });
  const [line, ...more] = await list('assets');
  expect(more).toEqual([]);
  expect(line?.current).toBe('v2');
  expect(line?.releases.map(({version, state}) => [version, state])).toEqual([
    ['v1', 'previous'],
    ['v2', 'current'],
    ['v3', 'staged'],
    ['v4', 'staging'],
    ['v5', 'other'],
  ]);
});

it('lists a line that has a current version and no cache', async () => {
  await changeRecords((change) =>
    change.put('line', {line: LINE, current: 'v1', previous: [], evicting: false}),
  );
  expect(await list('assets')).toEqual([{line: LINE, current: 'v1', releases: []}]);
});

it('lists no release that is recorded and has no cache, and makes none', async () => {
  await recordCaches(LINE, 'v1');
  await recordCaches('assets-de', 'v1');
  await fill(LINE, 'v2');
  expect(await listed('assets')).toEqual(['assets-en v2']);
  expect((await list('assets')).map(({line}) => line)).toEqual([LINE]);
  expect(await caches.keys()).toEqual(['assets-en-v2']);
});

it('lists a staged release that has no cache: all that it has may be files', async () => {
  await recordCaches(LINE, 'v1');
  const assets = [{key: urlOf('v1'), file: 'model'}];
  await changeRecords((change) =>
    change.put('release', {line: LINE, version: 'v1', order: 1, isComplete: true, assets}),
  );
  expect(await list('assets')).toEqual([
    {
      line: LINE,
      current: null,
      releases: [{version: 'v1', state: 'staged', cacheName: 'assets-en-v1', entries: 0, bytes: 0}],
    },
  ]);
  expect(await caches.keys()).toEqual([]);
});

it('lists no cache that is not recorded, whatever its name and its keys', async () => {
  await fill(LINE, 'v1');
  for (const name of ['assets-en-v2', 'assets', 'assets-en', 'assetsen-v1', 'my-assets-en-v1']) {
    await put(name, urlOf('v2'));
  }
  await caches.open('assets-en-v3');
  expect(await listed('assets')).toEqual(['assets-en v1']);
});

it('lists no line of another worker of the origin', async () => {
  await fill(LINE, 'v1');
  await fill('models-en', 'v1');
  await fill('assetsen', 'v1');
  await changeRecords((change) =>
    change.put('line', {line: 'models-en', current: 'v1', previous: [], evicting: false}),
  );
  expect(await listed('assets')).toEqual(['assets-en v1']);
  expect(await listed('assets', 'models')).toEqual(['assets-en v1', 'models-en v1']);
});

it('keeps lines apart whose names begin alike', async () => {
  await fill('models', 'v1');
  await recordCaches('models%2Dx', 'v2');
  await put('models-x-v2', urlOf('v2'));
  const lines = (await list('models', 'models-x')).map(({line, releases}) => [
    line,
    releases.map(({cacheName}) => cacheName),
  ]);
  expect(lines).toEqual([
    ['models', ['models-v1']],
    ['models-x', ['models-x-v2']],
  ]);
  expect(await listed('models-x')).toEqual(['models-x v2']);
  expect(await listed('models')).toEqual(['models v1']);
});

// A production worker does not check its options.
it.each([undefined, null, '', 0, Number.NaN])(
  'lists nothing for a scope with the prefix %o',
  async (prefix) => {
    for (const line of ['-en', 'en', 'undefined-en', 'null-en', '0-en', 'NaN-en']) {
      await fill(line, 'v1');
    }
    expect(await list(prefix)).toEqual([]);
  },
);
