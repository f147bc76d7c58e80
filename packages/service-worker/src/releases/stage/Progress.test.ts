import {beforeEach, describe, expect, it, vi} from 'vitest';
import {Progress} from './Progress.ts';
import type {StagedAsset} from './StagedAsset.ts';

const asset = (name: string, size?: number): StagedAsset => ({key: `https://a.test/${name}`, size});

const [model, labels, lexicon] = [asset('model', 100), asset('labels', 20), asset('lexicon')];
const onChange = vi.fn();

const progressOf = (...assets: StagedAsset[]): Progress => {
  const progress = new Progress({line: 'models-en', version: 'v2'}, onChange);
  progress.expect(assets);
  return progress;
};

beforeEach(() => {
  onChange.mockClear();
});

describe('the progress of a stage', () => {
  it('has no assets before the manifest was read', () => {
    expect(new Progress({line: 'models-en', version: 'v2'}, onChange).snapshot()).toMatchObject({
      state: 'running',
      assets: 0,
      totalBytes: 0,
    });
  });

  it('begins with no bytes', () => {
    expect(progressOf(model, labels).snapshot()).toEqual({
      line: 'models-en',
      version: 'v2',
      state: 'running',
      assets: 2,
      verified: 0,
      waiting: 0,
      totalBytes: 120,
      bytes: {present: 0, reused: 0, fetched: 0},
    });
  });

  it('sums up the bytes of all assets, by where they come from', () => {
    const [a, b] = [asset('a', 5), asset('b', 6)];
    const progress = progressOf(model, labels, a, b);
    const onModel = progress.begin(model, 'fetched');
    const onLabels = progress.begin(labels, 'reused');
    onModel(40);
    onLabels(20);
    onModel(2);
    progress.begin(a, 'present')(5);
    progress.begin(b, 'fetched')(6);
    expect(progress.snapshot()).toMatchObject({
      totalBytes: 131,
      bytes: {present: 5, reused: 20, fetched: 48},
    });
  });

  it('counts an asset as verified when it is, and returns its bytes', () => {
    const progress = progressOf(model, labels);
    progress.begin(model, 'fetched')(100);
    progress.begin(labels, 'fetched')(7);
    expect(progress.snapshot().verified).toBe(0);
    expect(progress.verify(model)).toBe(100);
    expect(progress.snapshot()).toMatchObject({verified: 1, bytes: {fetched: 107}});
  });

  it('does not change in a snapshot', () => {
    const progress = progressOf(model);
    const onBytes = progress.begin(model, 'fetched');
    const before = progress.snapshot();
    onBytes(1);
    expect(before.bytes.fetched).toBe(0);
    expect(progress.snapshot().bytes.fetched).toBe(1);
    expect(progressOf(model).snapshot().bytes.fetched).toBe(0);
  });

  it('keeps its sums at the end, with the state in which it ended', () => {
    const progress = progressOf(model, labels);
    progress.begin(model, 'fetched')(100);
    progress.verify(model);
    const late = progress.begin(labels, 'fetched');
    late(7);
    progress.end('aborted');
    late(13);
    expect(progress.snapshot()).toMatchObject({state: 'aborted', verified: 1, bytes: {fetched: 107}});
  });
});

describe('an asset that begins again', () => {
  it('is counted from 0, wherever it comes from now', () => {
    const progress = progressOf(model, labels);
    progress.begin(labels, 'reused')(20);
    progress.begin(model, 'reused')(90);
    const onBytes = progress.begin(model, 'fetched');
    expect(progress.snapshot().bytes).toEqual({present: 0, reused: 20, fetched: 0});
    onBytes(100);
    expect(progress.verify(model)).toBe(100);
    expect(progress.snapshot()).toMatchObject({verified: 1, bytes: {reused: 20, fetched: 100}});
  });

  it('does not count late bytes of the first attempt', () => {
    const progress = progressOf(model);
    const late = progress.begin(model, 'reused');
    progress.begin(model, 'fetched')(10);
    late(90);
    expect(progress.snapshot().bytes).toEqual({present: 0, reused: 0, fetched: 10});
  });

  it('is not verified any more', () => {
    const progress = progressOf(model);
    progress.begin(model, 'present')(100);
    progress.verify(model);
    progress.begin(model, 'fetched');
    expect(progress.snapshot().verified).toBe(0);
  });

  it('does not count when it fails', () => {
    const progress = progressOf(model, lexicon);
    progress.begin(model, 'fetched')(90);
    progress.begin(lexicon, 'fetched')(7);
    progress.fail(model);
    progress.fail(lexicon);
    expect(progress.snapshot()).toMatchObject({
      verified: 0,
      totalBytes: 100,
      bytes: {present: 0, reused: 0, fetched: 0},
    });
  });
});

it('counts an asset of unknown size with the bytes that have arrived', () => {
  const progress = progressOf(model, lexicon);
  expect(progress.snapshot().totalBytes).toBe(100);
  const onBytes = progress.begin(lexicon, 'fetched');
  onBytes(7);
  onBytes(8);
  expect(progress.snapshot().totalBytes).toBe(115);
  expect(progress.verify(lexicon)).toBe(15);
});

it('verifies an empty file', () => {
  const empty = asset('empty', 0);
  const progress = progressOf(empty);
  progress.begin(empty, 'fetched');
  expect(progress.verify(empty)).toBe(0);
  expect(progress.snapshot()).toMatchObject({assets: 1, verified: 1, totalBytes: 0});
});

it('counts the assets that it waits for until each wait ends, also one that fails', async () => {
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

it('reports every change that a page may want to see', async () => {
  const progress = progressOf(model);
  const onBytes = progress.begin(model, 'fetched');
  const changes = [
    () => onBytes(1),
    () => onBytes(1),
    () => progress.verify(model),
    () => progress.fail(model),
    () => progress.whileWaiting(async () => undefined),
  ];
  for (const [index, change] of changes.entries()) {
    await change();
    expect(onChange).toHaveBeenCalledTimes(index + 1);
  }
});
