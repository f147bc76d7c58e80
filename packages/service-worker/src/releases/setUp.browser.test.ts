import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {Feature} from '../messages/Feature.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {getOrCreateDefaultRouter} from '../worker/workboxInternals.ts';
import {changeRecords, readRecords} from './records.ts';
import {setUp} from './setUp.ts';
import {readFile, removeFiles, writeFile} from './stage/releaseFiles.ts';
import {StagedAssets} from './stage/StagedAssets.ts';
import {staging} from './stage/staging.ts';
import {clearStorage} from './testing/clearStorage.ts';
import {recordCaches} from './testing/recordCaches.ts';
import {VersionScopePlugin} from './VersionScopePlugin.ts';

const LINE = 'models-en';
const FILE = 'places.sqlite';
const pattern = /\/(?<locale>en|de)\/(?<version>v\d+)\//;

// Workbox's router listens to messages of its own. It is there as soon as a worker has a route.
getOrCreateDefaultRouter();

/** The messages that the worker listens to. */
let listeners: unknown[];

beforeEach(() => {
  listeners = [];
  vi.spyOn(self, 'addEventListener').mockImplementation((type: string, listener: unknown) => {
    if (type === 'message') {
      listeners.push(listener);
    }
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await clearStorage();
  await removeFiles(LINE, []);
});

/** Starts a worker, over the same storage. */
const start = (...features: Feature[]): void => {
  const worker: WorkerState = new WorkerState(() => [plugin]);
  const plugin = new VersionScopePlugin({prefix: 'models', pattern}, worker);
  setUp(features, worker);
};

const recorded = async (): Promise<string[]> =>
  (await readRecords('cache', LINE)).map(({version}) => version);

/** Makes `v2` current, and leaves `v1` to delete: its cache, and its file. */
const leaveRelease = async (): Promise<void> => {
  await recordCaches(LINE, 'v1', 'v2');
  await changeRecords((change) =>
    change.put('line', {line: LINE, current: 'v2', previous: [], evicting: true}),
  );
  for (const version of ['v1', 'v2']) {
    await caches.open(`${LINE}-${version}`);
    await writeFile({line: LINE, version}, FILE, new Blob([version]).stream());
  }
};

/** The versions that have their file. */
const withFile = async (): Promise<string[]> => {
  const found: string[] = [];
  for (const version of ['v1', 'v2']) {
    found.push(...((await readFile({line: LINE, version}, FILE)) ? [version] : []));
  }
  return found;
};

it('answers messages, and sets the features up', () => {
  const feature = {setUp: vi.fn()};
  start(feature);
  expect(listeners).toHaveLength(1);
  expect(feature.setUp).toHaveBeenCalledExactlyOnceWith(expect.any(WorkerState));
});

it('is done at once, and throws nothing where storage cannot be read', async () => {
  const unhandled = vi.fn();
  globalThis.onunhandledrejection = unhandled;
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
    throw new DOMException('Unexpected internal error.', 'UnknownError');
  });
  start(staging());
  await vi.waitFor(() => expect(transaction).toHaveBeenCalled());
  await new Promise((resolve) => setTimeout(resolve, 50));
  globalThis.onunhandledrejection = null;
  expect(unhandled).not.toHaveBeenCalled();
});

describe('a release that an earlier worker left to delete', () => {
  beforeEach(leaveRelease);

  it('is deleted when the worker starts', async () => {
    start();
    await vi.waitFor(async () => expect(await recorded()).toEqual(['v2']));
    expect(await caches.keys()).toEqual(['models-en-v2']);
  });

  it('is deleted with its files, by what the features know', async () => {
    start(staging());
    await vi.waitFor(async () => expect(await recorded()).toEqual(['v2']));
    expect(await withFile()).toEqual(['v2']);
  });

  it('stays if a feature knows that it is staged', async () => {
    await changeRecords((change) =>
      change.put('release', {line: LINE, version: 'v1', order: 1, isComplete: true, assets: []}),
    );
    await recordCaches(LINE, 'v0');
    start(staging());
    await vi.waitFor(async () => expect(await recorded()).toEqual(['v1', 'v2']));
    expect(await withFile()).toEqual(['v1', 'v2']);
  });

  it('is tried again at the next start where a file cannot be deleted', async () => {
    const evict = vi.spyOn(StagedAssets.prototype, 'evict');
    evict.mockRejectedValueOnce(new DOMException('in use', 'NoModificationAllowedError'));
    start(staging());
    await vi.waitFor(async () => expect(await caches.keys()).toEqual(['models-en-v2']));
    await vi.waitFor(() => expect(evict).toHaveBeenCalledOnce());
    // The end of that start.
    await navigator.locks.request('holdfast-releases', async () => undefined);
    expect(await withFile()).toEqual(['v1', 'v2']);

    start(staging());
    await vi.waitFor(async () => expect(await withFile()).toEqual(['v2']));
    expect(await recorded()).toEqual(['v2']);
    expect(evict).toHaveBeenCalledTimes(2);
  });
});
