import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {WorkerState} from '../../worker/WorkerState.ts';
import {Releases} from '../Releases.ts';
import {changeRecords, type ReleaseAsset, type ReleaseRecord, readRecords} from '../records.ts';
import {readFile, removeFiles, writeFile} from './releaseFiles.ts';
import type {StagedAsset} from './StagedAsset.ts';
import {
  type Announced,
  announce as announceIn,
  areSame,
  setComplete,
  stagedRelease,
} from './stagedReleases.ts';

const LINE = 'models-en';
const digest = {algorithm: 'sha256', hex: 'ab'.repeat(32)} as const;
const model: StagedAsset = {
  key: 'https://a.test/model',
  size: 7,
  digest,
  file: undefined,
};
const labels: StagedAsset = {key: 'https://a.test/labels', size: 8};

let releases: Releases;

beforeEach(() => {
  releases = new WorkerState().part(Releases);
});

afterEach(async () => {
  await changeRecords((change) => {
    for (const line of [LINE, 'models-de']) {
      change.deleteLine(line);
    }
  });
  await removeFiles(LINE, []);
});

/** Writes a file of a release. */
const write = (version: string): Promise<void> =>
  writeFile({line: LINE, version}, 'places.sqlite', new Blob(['Ghent']).stream());

const written = async (version: string): Promise<boolean> =>
  (await readFile({line: LINE, version}, 'places.sqlite')) !== undefined;

const announce = (line: string, version: string, assets: readonly StagedAsset[]): Promise<Announced> =>
  announceIn(releases, line, version, assets);

/** The records of all releases. */
const known = async (): Promise<ReleaseRecord<ReleaseAsset>[]> => readRecords('release');

describe('two lists of assets', () => {
  it('are the same if they describe the same assets in the same way', () => {
    expect(areSame([model, labels], structuredClone([model, labels]))).toBe(true);
    expect(areSame([], [])).toBe(true);
  });

  it.each<[string, StagedAsset[]]>([
    ['one more', [model, labels, {...labels, key: 'https://a.test/lexicon'}]],
    ['one less', [model]],
    ['another key', [model, {...labels, key: 'https://a.test/lexicon'}]],
    ['another size', [model, {...labels, size: 9}]],
    ['a digest more', [model, {...labels, digest}]],
    ['another digest', [{...model, digest: {algorithm: 'sha256', hex: 'cd'.repeat(32)}}, labels]],
    ['another algorithm', [{...model, digest: {algorithm: 'sha512', hex: digest.hex}}, labels]],
    ['another place', [model, {...labels, file: 'labels.txt'}]],
  ])('are not the same with %s', (_what, assets) => {
    expect(areSame([model, labels], assets)).toBe(false);
  });
});

describe('a release that is announced', () => {
  it('is recorded with its assets, and is not complete', async () => {
    await announce(LINE, 'v2', [model, labels]);
    expect(await stagedRelease(LINE, 'v2')).toEqual({
      line: LINE,
      version: 'v2',
      order: 1,
      isComplete: false,
      assets: [model, labels],
    });
    expect(await stagedRelease(LINE, 'v1')).toBeUndefined();
    expect(await stagedRelease('models-de', 'v2')).toBeUndefined();
  });

  it('has its cache recorded in the same change, so that the cache is known to be ours', async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
    await announce(LINE, 'v2', [model]);
    expect(transaction.mock.calls.filter(([, mode]) => mode === 'readwrite')).toHaveLength(1);
    transaction.mockRestore();
    const recorded = await readRecords('cache');
    expect(recorded.filter(({line}) => line === LINE)).toEqual([{line: LINE, version: 'v2'}]);
  });

  it('is the last of all lines, and keeps its place', async () => {
    await announce(LINE, 'v1', [model]);
    await announce('models-de', 'v1', [model]);
    await announce(LINE, 'v2', [model]);
    await announce('models-de', 'v1', [model]);
    expect((await known()).map(({line, version, order}) => [line, version, order])).toEqual([
      ['models-de', 'v1', 2],
      [LINE, 'v1', 1],
      [LINE, 'v2', 3],
    ]);
  });

  it('has a place of its own when several are announced at once', async () => {
    await Promise.all(['v1', 'v2', 'v3'].map((version) => announce(LINE, version, [model])));
    expect((await known()).map(({order}) => order)).toEqual([1, 2, 3]);
  });

  it('waits for a switch in progress', async () => {
    let announced: Promise<Announced> | undefined;
    await releases.locks.withSwitchLock(async () => {
      announced = announce(LINE, 'v2', [model]);
      await vi.waitFor(async () => expect((await navigator.locks.query()).pending).toHaveLength(1));
      expect(await known()).toEqual([]);
    });
    await announced;
    expect(await known()).toHaveLength(1);
  });

  it('stays complete when it is announced with the same assets', async () => {
    await announce(LINE, 'v2', [model, labels]);
    await setComplete(LINE, 'v2', true);
    await announce(LINE, 'v2', structuredClone([model, labels]));
    expect(await stagedRelease(LINE, 'v2')).toMatchObject({isComplete: true, order: 1});
  });

  it('stays incomplete when it is announced with the same assets', async () => {
    await announce(LINE, 'v2', [model]);
    await announce(LINE, 'v2', [model]);
    expect(await stagedRelease(LINE, 'v2')).toMatchObject({isComplete: false, order: 1});
  });

  it('is replaced when it is announced with others: it is the last, not complete, and without its files', async () => {
    await announce(LINE, 'v2', [model]);
    await announce(LINE, 'v3', [model]);
    await setComplete(LINE, 'v2', true);
    await write('v2');
    await write('v3');
    await announce(LINE, 'v2', [model, labels]);
    expect(await stagedRelease(LINE, 'v2')).toMatchObject({
      isComplete: false,
      order: 3,
      assets: [model, labels],
    });
    expect([await written('v2'), await written('v3')]).toEqual([false, true]);
  });

  it('keeps its files when it is announced with the same assets', async () => {
    await announce(LINE, 'v2', [model]);
    await write('v2');
    await announce(LINE, 'v2', [model]);
    expect(await written('v2')).toBe(true);
  });

  it.each([
    ['current', {current: 'v2', previous: []}],
    ['kept for a rollback', {current: 'v3', previous: ['v2']}],
  ])('is not replaced if it is complete and %s', async (_what, of) => {
    await announce(LINE, 'v2', [model]);
    await setComplete(LINE, 'v2', true);
    await write('v2');
    await changeRecords((change) => change.put('line', {line: LINE, evicting: false, ...of}));
    const before = await known();
    await expect(announce(LINE, 'v2', [model, labels])).rejects.toThrow(
      `'v2' of 'models-en' is in use, and was staged with another manifest. Stage the change as a new version.`,
    );
    expect(await known()).toEqual(before);
    expect(await written('v2')).toBe(true);
    await announce(LINE, 'v2', [model]);
  });

  it('may be replaced if it is current and not complete, or complete and not current', async () => {
    await changeRecords((change) =>
      change.put('line', {line: LINE, current: 'v2', previous: [], evicting: true}),
    );
    for (const [version, isComplete] of [
      ['v2', false],
      ['v3', true],
    ] as const) {
      await announce(LINE, version, [model]);
      await setComplete(LINE, version, isComplete);
      await announce(LINE, version, [labels]);
      expect(await stagedRelease(LINE, version)).toMatchObject({isComplete: false, assets: [labels]});
    }
  });

  it('counts the evictions before it, also those of another worker, and has the other releases', async () => {
    releases.evictions.note({line: LINE, kept: ['v2']});
    const v1 = {version: 'v1', assets: [model]};
    expect(await announce(LINE, 'v1', [model])).toEqual({evictionsSeen: 1, others: []});
    expect(await announce(LINE, 'v2', [model])).toMatchObject({evictionsSeen: 1, others: [v1]});
    const other = new WorkerState().part(Releases);
    await other.evictions.change(() => undefined, {line: LINE, kept: ['v2']});
    expect(await announce(LINE, 'v2', [model])).toMatchObject({evictionsSeen: 2, others: [v1]});
    expect(releases.evictions.count).toBe(2);
  });

  it('makes the worker read its assets anew', async () => {
    const forget = vi.fn();
    Object.assign(releases, {staged: {forget}});
    await announce(LINE, 'v2', [model]);
    expect(forget).toHaveBeenCalledOnce();
    await announce(LINE, 'v2', [model]);
    expect(forget).toHaveBeenCalledOnce();
  });
});

describe('whether a release is complete', () => {
  it('is recorded, and nothing else of it is changed', async () => {
    await announce(LINE, 'v1', [model]);
    await announce(LINE, 'v2', [labels]);
    const [first, second] = await known();
    await setComplete(LINE, 'v2', true);
    expect(await known()).toEqual([first, {...second, isComplete: true}]);
    await setComplete(LINE, 'v2', false);
    expect(await known()).toEqual([first, second]);
  });

  it('is not recorded if its record was deleted', async () => {
    await announce(LINE, 'v2', [model]);
    await changeRecords((change) => change.delete('release', {line: LINE, version: 'v2'}));
    await setComplete(LINE, 'v2', true);
    expect(await known()).toEqual([]);
  });
});
