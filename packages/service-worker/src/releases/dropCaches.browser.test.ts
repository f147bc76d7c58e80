import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {EVENT_CHANNEL, type WorkerEvent} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {dropCaches} from './dropCaches.ts';
import {pinOf} from './pinRequest.ts';
import {Releases} from './Releases.ts';
import {changeRecords, readRecords} from './records.ts';
import type {Scope} from './releaseOf.ts';
import {type SwitchOptions, switchVersion} from './switchVersion.ts';
import {clearStorage} from './testing/clearStorage.ts';
import {recordCaches} from './testing/recordCaches.ts';
import {VersionScopePlugin} from './VersionScopePlugin.ts';

const LINE = 'assets-en';
const scope = {prefix: 'assets', pattern: /\/(?<locale>en|de)\/(?:(?<version>v\d+)\/)?[\w.]+$/};
const KEPT: SwitchOptions = {client: '', keep: 1, evictNow: false, allowEmpty: true};

let worker: WorkerState;
let releases: Releases;
let events: WorkerEvent[];
let channel: BroadcastChannel;

/** Puts a file into a cache that is not recorded. */
const fill = async (cacheName: string, url: string): Promise<void> =>
  (await caches.open(cacheName)).put(url, new Response(''));

/** Puts a file into the cache of a release. */
const fillRelease = async (line: string, version: string): Promise<void> => {
  await recordCaches(line, version);
  await fill(`${line}-${version}`, `https://a.test/${line.slice(-2)}/${version}/model`);
};

const recorded = async (): Promise<string[]> =>
  (await readRecords('cache')).map(({line, version}) => `${line} ${version}`);

beforeEach(() => {
  worker = new WorkerState(() => [new VersionScopePlugin(scope)]);
  releases = worker.part(Releases);
  events = [];
  channel = new BroadcastChannel(EVENT_CHANNEL);
  channel.onmessage = ({data}) => events.push(data);
});

afterEach(async () => {
  channel.close();
  await clearStorage();
});

it('deletes the caches of all lines, also empty ones that are recorded, and none of others', async () => {
  await switchVersion(releases, LINE, 'v1', KEPT);
  await switchVersion(releases, LINE, 'v2', KEPT);
  await fillRelease(LINE, 'v1');
  await fillRelease('assets-de', 'v7');
  await recordCaches(LINE, 'v2');
  await caches.open('assets-en-v2');
  const others = ['assets-en-thumbnails', 'models-en-v1', 'other'];
  for (const name of others) {
    await fill(name, 'https://a.test/logo.svg');
  }

  const dropped = await dropCaches(releases);
  expect([...dropped].sort()).toEqual(['assets-de-v7', 'assets-en-v1', 'assets-en-v2']);
  expect(await caches.keys()).toEqual(others);
  await vi.waitFor(() => expect(events.at(-1)).toEqual({type: 'CACHES_DROPPED', payload: {dropped}}));
});

it('deletes the records of its lines, and leaves those of other scopes', async () => {
  await switchVersion(releases, LINE, 'v1', KEPT);
  await changeRecords((change) => {
    change.put('line', {line: 'models-en', current: 'v1', previous: [], evicting: false});
    change.put('cache', {line: 'models-en', version: 'v1'});
    change.put('release', {line: LINE, version: 'v3', order: 1, isComplete: true, assets: []});
    change.addUse(LINE, 'page', 'v1', true);
  });
  await dropCaches(releases);
  expect(await readRecords('line')).toMatchObject([{line: 'models-en'}]);
  expect(await recorded()).toEqual(['models-en v1']);
  expect(await readRecords('use')).toEqual([]);
  expect(await readRecords('release')).toEqual([]);
  expect((await releases.currentVersions.get()).versions).toEqual(new Map([['models-en', 'v1']]));
});

describe('what is being stored', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['has a cache', () => fillRelease(LINE, 'v1')],
    ['is recorded and has no cache yet', () => recordCaches(LINE, 'v1')],
    ['has another release that is current', () => switchVersion(releases, LINE, 'v2', KEPT)],
    ['is used', () => changeRecords((change) => change.addUse(LINE, 'page', 'v2', false))],
  ])('counts as evicted, here and in other workers, where its line %s', async (_what, prepare) => {
    await prepare();
    const other = new WorkerState().part(Releases);
    await other.evictions.refresh();
    await releases.evictions.refresh();
    const pins = [releases, other].map((one) => pinOf(one, 'https://a.test/en/v1/model', LINE, 'v1'));
    const elsewhere = pinOf(other, 'https://a.test/models/v1', 'models-en', 'v1');
    await dropCaches(releases);
    await other.evictions.refresh();
    expect(pins.map((pin, index) => [releases, other][index]?.evictions.concern(pin))).toEqual([true, true]);
    expect(other.evictions.concern(elsewhere)).toBe(false);
  });
});

describe('a cache that is not recorded', () => {
  it('is left alone, although it has the name of a release and keys that match the pattern', async () => {
    await switchVersion(releases, LINE, 'v1', KEPT);
    await fillRelease(LINE, 'v1');
    await fill('assets-en-v2', 'https://a.test/en/v2/model');
    await fill('assets', 'https://a.test/en/v2/model');
    await caches.open('assets-en-v3');
    expect(await dropCaches(releases)).toEqual(['assets-en-v1']);
    expect(await caches.keys()).toEqual(['assets-en-v2', 'assets', 'assets-en-v3']);
  });

  it('is left alone also where the release is current, or is used', async () => {
    await switchVersion(releases, LINE, 'v1', KEPT);
    await fill('assets-en-v1', 'https://a.test/en/v1/model');
    expect(await dropCaches(releases)).toEqual([]);
    expect(await caches.keys()).toEqual(['assets-en-v1']);
  });
});

it('deletes the record of a release whose cache was never made, and does not report it', async () => {
  await recordCaches(LINE, 'v1');
  await fillRelease(LINE, 'v2');
  expect(await dropCaches(releases)).toEqual(['assets-en-v2']);
  expect(await recorded()).toEqual([]);
});

it('keeps the records until the caches are deleted, so that a killed worker loses none', async () => {
  await fillRelease(LINE, 'v1');
  await fillRelease(LINE, 'v2');
  vi.spyOn(CacheStorage.prototype, 'delete').mockRejectedValueOnce(
    new DOMException('broken', 'UnknownError'),
  );
  await expect(dropCaches(releases)).rejects.toThrow('broken');
  vi.restoreAllMocks();
  expect(await recorded()).toEqual(['assets-en v1', 'assets-en v2']);
  await dropCaches(releases);
  expect(await caches.keys()).toEqual([]);
  expect(await recorded()).toEqual([]);
});

it('deletes the caches of the given scopes, whatever routes the worker has', async () => {
  await fillRelease(LINE, 'v1');
  await fillRelease('models-en', 'v1');
  const removing = new Releases(new WorkerState());
  expect(await dropCaches(removing, [{prefix: 'models', pattern: scope.pattern}])).toEqual(['models-en-v1']);
  expect(await caches.keys()).toEqual(['assets-en-v1']);
});

// A production worker does not check its options.
it.each([undefined, null, '', 0, Number.NaN])(
  'deletes nothing for a scope with the prefix %o',
  async (prefix) => {
    for (const line of ['-en', 'en', 'undefined-en', 'null-en', '0-en', 'NaN-en']) {
      await fillRelease(line, 'v1');
    }
    const before = await caches.keys();
    expect(await dropCaches(releases, [{prefix, pattern: scope.pattern} as unknown as Scope])).toEqual([]);
    expect(await dropCaches(releases, [{pattern: scope.pattern} as Scope])).toEqual([]);
    expect(await caches.keys()).toEqual(before);
    expect(await recorded()).toHaveLength(6);
  },
);

it('deletes what belongs to deleted caches and is kept elsewhere, after a drop and after an eviction', async () => {
  const seen: string[][] = [];
  const clean = vi.fn(async () => {
    seen.push(await caches.keys());
  });
  worker.cleanups.add(clean);
  worker.cleanups.add(() => Promise.reject(new Error('in use')));
  await switchVersion(releases, LINE, 'v2', KEPT);
  expect(clean).not.toHaveBeenCalled();

  await fillRelease(LINE, 'v1');
  await fillRelease(LINE, 'v2');
  await switchVersion(releases, LINE, 'v2', KEPT);
  await vi.waitFor(() => expect(seen).toEqual([['assets-en-v2']]));
  await dropCaches(releases);
  await vi.waitFor(() => expect(seen).toEqual([['assets-en-v2'], []]));
});
