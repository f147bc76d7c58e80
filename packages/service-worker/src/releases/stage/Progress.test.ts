import {beforeEach, describe, expect, it, vi} from 'vitest';
import {Progress} from './Progress.ts';
import type {StagedAsset} from './readAssets.ts';

const asset = (name: string, size?: number): StagedAsset => ({key: `https://a.test/${name}`, size});

const [model, labels, lexicon] = [asset('model', 100), asset('labels', 20), asset('lexicon')];
const onChange = vi.fn();

const progressOf = (...assets: StagedAsset[]): Progress =>
  new Progress({line: 'models-en', version: 'v2'}, assets, onChange);

beforeEach(() => {
  onChange.mockClear();
});

describe('what has been brought in', () => {
  it('is nothing at first', () => {
    expect(progressOf(model, labels).snapshot()).toEqual({
      line: 'models-en',
      version: 'v2',
      state: 'running',
      assets: 2,
      verified: 0,
      waiting: 0,
      totalBytes: 120,
      bytes: {present: 0, 'carried-over': 0, fetched: 0},
    });
  });

  it('is summed up over all assets, by where they come from', () => {
    const progress = progressOf(model, labels, asset('a', 5), asset('b', 6));
    const onModel = progress.begin(model, 'fetched');
    const onLabels = progress.begin(labels, 'carried-over');
    onModel(40);
    onLabels(20);
    onModel(2);
    progress.begin(asset('a', 5), 'present')(5);
    progress.begin(asset('b', 6), 'fetched')(6);
    expect(progress.snapshot()).toMatchObject({
      totalBytes: 131,
      bytes: {present: 5, 'carried-over': 20, fetched: 48},
    });
  });

  it('counts as verified when it is said so, which tells its bytes', () => {
    const progress = progressOf(model, labels);
    progress.begin(model, 'fetched')(100);
    progress.begin(labels, 'fetched')(7);
    expect(progress.snapshot().verified).toBe(0);
    expect(progress.verified(model)).toBe(100);
    expect(progress.snapshot()).toMatchObject({verified: 1, bytes: {fetched: 107}});
  });

  it('is a snapshot, which does not change with what comes later', () => {
    const progress = progressOf(model);
    const onBytes = progress.begin(model, 'fetched');
    const before = progress.snapshot();
    onBytes(1);
    expect(before.bytes.fetched).toBe(0);
    expect(progress.snapshot().bytes.fetched).toBe(1);
    expect(progressOf(model).snapshot().bytes.fetched).toBe(0);
  });

  it('has the state that it was given', () => {
    const progress = progressOf(model);
    progress.state = 'aborted';
    expect(progress.snapshot().state).toBe('aborted');
  });
});

describe('an asset that begins again', () => {
  it('is counted from nothing, wherever it comes from now', () => {
    const progress = progressOf(model, labels);
    progress.begin(labels, 'carried-over')(20);
    progress.begin(model, 'carried-over')(90);
    const onBytes = progress.begin(model, 'fetched');
    expect(progress.snapshot().bytes).toEqual({present: 0, 'carried-over': 20, fetched: 0});
    onBytes(100);
    expect(progress.verified(model)).toBe(100);
    expect(progress.snapshot()).toMatchObject({verified: 1, bytes: {'carried-over': 20, fetched: 100}});
  });

  it('is not counted by what is left of the first attempt', () => {
    const progress = progressOf(model);
    const late = progress.begin(model, 'carried-over');
    progress.begin(model, 'fetched')(10);
    late(90);
    expect(progress.snapshot().bytes).toEqual({present: 0, 'carried-over': 0, fetched: 10});
  });

  it('is not verified any more', () => {
    const progress = progressOf(model);
    progress.begin(model, 'present')(100);
    progress.verified(model);
    progress.begin(model, 'fetched');
    expect(progress.snapshot().verified).toBe(0);
  });

  it('leaves nothing behind when it fails', () => {
    const progress = progressOf(model, lexicon);
    progress.begin(model, 'fetched')(90);
    progress.begin(lexicon, 'fetched')(7);
    progress.failed(model);
    progress.failed(lexicon);
    expect(progress.snapshot()).toMatchObject({
      verified: 0,
      totalBytes: 100,
      bytes: {present: 0, 'carried-over': 0, fetched: 0},
    });
  });
});

it('takes an asset whose size nobody states for as large as it is so far', () => {
  const progress = progressOf(model, lexicon);
  expect(progress.snapshot().totalBytes).toBe(100);
  const onBytes = progress.begin(lexicon, 'fetched');
  onBytes(7);
  onBytes(8);
  expect(progress.snapshot().totalBytes).toBe(115);
  expect(progress.verified(lexicon)).toBe(15);
});

it('knows an empty file as one that is whole from the beginning', () => {
  const empty = asset('empty', 0);
  const progress = progressOf(empty);
  progress.begin(empty, 'fetched');
  expect(progress.verified(empty)).toBe(0);
  expect(progress.snapshot()).toMatchObject({assets: 1, verified: 1, totalBytes: 0});
});

it('counts for how many it waits, as long as it takes and whatever comes of it', async () => {
  const progress = progressOf(model, labels);
  let store: (what: string) => void = () => undefined;
  let abort: (reason: Error) => void = () => undefined;
  const first = progress.whileWaiting(() => new Promise<string>((resolve) => (store = resolve)));
  const second = progress.whileWaiting(() => new Promise((_resolve, reject) => (abort = reject)));
  expect(progress.snapshot().waiting).toBe(2);
  store('stored');
  expect(await first).toBe('stored');
  expect(progress.snapshot().waiting).toBe(1);
  abort(new Error('aborted'));
  await expect(second).rejects.toThrow('aborted');
  expect(progress.snapshot().waiting).toBe(0);
});

it('tells of every change that a page may want to see', async () => {
  const progress = progressOf(model);
  const onBytes = progress.begin(model, 'fetched');
  const changes = [
    () => onBytes(1),
    () => onBytes(1),
    () => progress.verified(model),
    () => progress.failed(model),
    () => progress.whileWaiting(async () => undefined),
  ];
  for (const [index, change] of changes.entries()) {
    await change();
    expect(onChange).toHaveBeenCalledTimes(index + 1);
  }
});
