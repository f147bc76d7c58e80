import {afterEach, describe, expect, it, vi} from 'vitest';
import {
  changeState,
  evictionsSoFar,
  pin,
  type ReleaseAsset,
  type ReleaseRecord,
  readRecords,
  withSwitchLock,
} from '../staging.ts';
import {readFile, removeFiles, writeFile} from './keptFiles.ts';
import type {StagedAsset} from './readAssets.ts';
import {announce, areSame, setWhole, stagedRelease, stagedReleases} from './records.ts';

const LINE = 'models-en';
const digest = {algorithm: 'sha256', hex: 'ab'.repeat(32)} as const;
const model: StagedAsset = {
  key: 'https://a.test/model',
  size: 7,
  digest,
  file: undefined,
};
const labels: StagedAsset = {key: 'https://a.test/labels', size: 8};

afterEach(async () => {
  await changeState((change) => {
    for (const line of [LINE, 'models-de']) {
      change.deleteLine(line);
    }
  });
  await removeFiles(LINE, []);
});

/** Writes a file of a release. */
const write = (version: string): Promise<void> =>
  writeFile(pin(model.key, LINE, version), 'places.sqlite', new Blob(['Ghent']).stream());

const written = async (version: string): Promise<boolean> =>
  (await readFile(pin(model.key, LINE, version), 'places.sqlite')) !== undefined;

/** What is known of all releases. */
const known = async (): Promise<ReleaseRecord<ReleaseAsset>[]> => readRecords('release');

describe('two lists of assets', () => {
  it('are the same when they say the same of the same assets', () => {
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
  it('is known with its assets, and is not whole', async () => {
    await announce(LINE, 'v2', [model, labels]);
    expect(await stagedRelease(LINE, 'v2')).toEqual({
      line: LINE,
      version: 'v2',
      order: 1,
      isWhole: false,
      assets: [model, labels],
    });
    expect(await stagedRelease(LINE, 'v1')).toBeUndefined();
    expect(await stagedRelease('models-de', 'v2')).toBeUndefined();
  });

  it('is the last in an order over all lines, and keeps its place', async () => {
    await announce(LINE, 'v1', [model]);
    await announce('models-de', 'v1', [model]);
    await announce(LINE, 'v2', [model]);
    await announce('models-de', 'v1', [model]);
    expect((await stagedReleases()).map(({line, version, order}) => [line, version, order])).toEqual([
      ['models-de', 'v1', 2],
      [LINE, 'v1', 1],
      [LINE, 'v2', 3],
    ]);
  });

  it('has a place of its own in that order when two are announced at once', async () => {
    await Promise.all(['v1', 'v2', 'v3'].map((version) => announce(LINE, version, [model])));
    expect((await stagedReleases()).map(({order}) => order)).toEqual([1, 2, 3]);
  });

  it('waits for a switch that is under way', async () => {
    let announced: Promise<number> | undefined;
    await withSwitchLock(async () => {
      announced = announce(LINE, 'v2', [model]);
      await vi.waitFor(async () => expect((await navigator.locks.query()).pending).toHaveLength(1));
      expect(await known()).toEqual([]);
    });
    await announced;
    expect(await known()).toHaveLength(1);
  });

  it('stays whole when it is announced with the same assets', async () => {
    await announce(LINE, 'v2', [model, labels]);
    await setWhole(LINE, 'v2', true);
    await announce(LINE, 'v2', structuredClone([model, labels]));
    expect(await stagedRelease(LINE, 'v2')).toMatchObject({isWhole: true, order: 1});
  });

  it('stays unwhole when it is announced with the same assets', async () => {
    await announce(LINE, 'v2', [model]);
    await announce(LINE, 'v2', [model]);
    expect(await stagedRelease(LINE, 'v2')).toMatchObject({isWhole: false, order: 1});
  });

  it('is another one when it is announced with others: the last, not whole, and without its files', async () => {
    await announce(LINE, 'v2', [model]);
    await announce(LINE, 'v3', [model]);
    await setWhole(LINE, 'v2', true);
    await write('v2');
    await write('v3');
    await announce(LINE, 'v2', [model, labels]);
    expect(await stagedRelease(LINE, 'v2')).toMatchObject({
      isWhole: false,
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
  ])('stays as it is when it is whole and %s, and others are refused', async (_what, of) => {
    await announce(LINE, 'v2', [model]);
    await setWhole(LINE, 'v2', true);
    await write('v2');
    await changeState((change) => change.putLine({line: LINE, evicting: false, leaving: [], ...of}));
    const before = await known();
    await expect(announce(LINE, 'v2', [model, labels])).rejects.toThrow(
      `'v2' of 'models-en' was staged with another manifest and is whole. Give what has changed another version.`,
    );
    expect(await known()).toEqual(before);
    expect(await written('v2')).toBe(true);
    await announce(LINE, 'v2', [model]);
  });

  it('may become another one while it is current and not whole, or whole and not current', async () => {
    await changeState((change) =>
      change.putLine({line: LINE, current: 'v2', previous: [], evicting: false, leaving: []}),
    );
    for (const [version, isWhole] of [
      ['v2', false],
      ['v3', true],
    ] as const) {
      await announce(LINE, version, [model]);
      await setWhole(LINE, version, isWhole);
      await announce(LINE, version, [labels]);
      expect(await stagedRelease(LINE, version)).toMatchObject({isWhole: false, assets: [labels]});
    }
  });

  it('tells how many evictions there were before', async () => {
    const before = evictionsSoFar();
    expect(await announce(LINE, 'v2', [model])).toBe(before);
    const other = new BroadcastChannel('holdfast');
    other.postMessage({type: 'RELEASES_EVICTED', payload: {line: LINE, evicted: ['v1'], kept: ['v2']}});
    await vi.waitFor(() => expect(evictionsSoFar()).toBe(before + 1));
    other.close();
    expect(await announce(LINE, 'v2', [model])).toBe(before + 1);
  });
});

describe('whether a release is whole', () => {
  it('is noted, and nothing else of it is changed', async () => {
    await announce(LINE, 'v1', [model]);
    await announce(LINE, 'v2', [labels]);
    const [first, second] = await known();
    await setWhole(LINE, 'v2', true);
    expect(await known()).toEqual([first, {...second, isWhole: true}]);
    await setWhole(LINE, 'v2', false);
    expect(await known()).toEqual([first, second]);
  });

  it('is not noted of one that has been given up', async () => {
    await announce(LINE, 'v2', [model]);
    await changeState((change) => change.deleteRelease(LINE, 'v2'));
    await setWhole(LINE, 'v2', true);
    expect(await known()).toEqual([]);
  });
});
