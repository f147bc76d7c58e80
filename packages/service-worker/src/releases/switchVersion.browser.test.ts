import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {piecesOf} from '../downloads/piecesName.ts';
import {EVENT_CHANNEL, type WorkerEvent} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {finishEvictions} from './evict.ts';
import {arrival, type Pin, pinRequest} from './pinRequest.ts';
import {Releases, type StagedReleases} from './Releases.ts';
import {changeRecords, type LineRecord, type ReleaseRecord, readRecords} from './records.ts';
import type {Scope} from './releaseOf.ts';
import {removeFiles, writeFile} from './stage/releaseFiles.ts';
import {StagedAssets} from './stage/StagedAssets.ts';
import {withStageLock} from './stage/withStageLock.ts';
import {rollBack, type SwitchOptions, switchVersion} from './switchVersion.ts';
import {clearStorage} from './testing/clearStorage.ts';
import {recordCaches} from './testing/recordCaches.ts';
import {VersionScopePlugin} from './VersionScopePlugin.ts';

const LINE = 'assets-en';
const scope = {prefix: 'assets', pattern: /\/(?<locale>en|de)\/(?:(?<version>v\d+)\/)?[\w.]+$/};
const latest = 'https://a.test/en/model';
const modelOf = (version: string): string => `https://a.test/en/${version}/model`;
const cacheOf = (version: string): string => `${LINE}-${version}`;

let releases: Releases;
/** The clients that the browser knows. */
let present: string[];
let events: WorkerEvent[];
let channel: BroadcastChannel;

/** A worker with staging that starts now, over the same storage. */
const startWorker = (some: Scope = scope): Releases => {
  const started = new WorkerState(() => [new VersionScopePlugin(some)]).part(Releases);
  started.staged = new StagedAssets(started);
  return started;
};

beforeEach(() => {
  releases = startWorker();
  present = [];
  events = [];
  channel = new BroadcastChannel(EVENT_CHANNEL);
  channel.onmessage = ({data}) => events.push(data);
  vi.stubGlobal('clients', {matchAll: async () => present.map((id) => ({id}))});
});

afterEach(async () => {
  channel.close();
  vi.unstubAllGlobals();
  await clearStorage();
});

/** Puts a file into caches that are named like those of releases, and are not recorded. */
const fillForeign = async (...versions: string[]): Promise<void> => {
  for (const version of versions) {
    await (await caches.open(cacheOf(version))).put(modelOf(version), new Response(version));
  }
};

/** Puts a file into the caches of some releases. */
const fill = async (...versions: string[]): Promise<void> => {
  await recordCaches(LINE, ...versions);
  await fillForeign(...versions);
};

/** Records a staged release, with one file in its cache. */
const stage = async (version: string, order: number, more: Partial<ReleaseRecord> = {}): Promise<void> => {
  await fill(version);
  const assets = [{key: modelOf(version)}];
  await changeRecords((change) =>
    change.put('release', {line: LINE, version, order, isComplete: true, assets, ...more}),
  );
};

const switchTo = (version: string, options: Partial<SwitchOptions> = {}, line = LINE) =>
  switchVersion(releases, line, version, {
    client: '',
    keep: 1,
    evictNow: false,
    allowEmpty: true,
    ...options,
  });

/** A client asks for an asset, and uses its release from then on. Resolves to the version. */
const use = async (client: string, url: string): Promise<string | undefined> => {
  present = [...new Set([...present, client])];
  const pin = await pinRequest(releases, scope, url, arrival(releases, client));
  await pin?.noted;
  return pin?.version;
};

const lineRecord = async (): Promise<LineRecord | undefined> => (await readRecords('line', LINE))[0];

/** The versions that have a cache, by the records. */
const recordedVersions = async (): Promise<string[]> =>
  (await readRecords('cache', LINE)).map(({version}) => version);

/** The switches that were reported. */
const switched = (): string[] =>
  events.flatMap(({type, payload}) => (type === 'VERSION_SWITCHED' ? payload.version : []));

/** The current version of each line, as requests see it. */
const currentVersions = async (): Promise<ReadonlyMap<string, string>> =>
  (await releases.currentVersions.get()).versions;

const stagedVersions = async (): Promise<string[]> =>
  (await readRecords('release', LINE)).map(({version}) => version);

describe('a switch', () => {
  it('makes a version current, and returns what became of the others', async () => {
    await fill('v1', 'v2', 'v3');
    expect(await switchTo('v1', {keep: 0})).toEqual({evicted: ['v2', 'v3'], kept: []});
    await fill('v2');
    expect(await switchTo('v2')).toEqual({evicted: [], kept: ['v1']});
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v2']]));
    expect(await caches.keys()).toEqual([cacheOf('v1'), cacheOf('v2')]);
    expect(await lineRecord()).toEqual({line: LINE, current: 'v2', previous: ['v1'], evicting: false});
    expect(await recordedVersions()).toEqual(['v1', 'v2']);
  });

  it('is reported, and then what was evicted', async () => {
    await fill('v1', 'v2');
    await switchTo('v1', {keep: 0});
    await vi.waitFor(() =>
      expect(events).toEqual([
        {type: 'VERSION_SWITCHED', payload: {line: LINE, version: 'v1'}},
        {type: 'RELEASES_EVICTED', payload: {line: LINE, evicted: ['v2'], kept: ['v1']}},
      ]),
    );
  });

  it('reports no eviction where nothing was deleted', async () => {
    await fill('v1');
    await switchTo('v1');
    await fill('v2');
    await switchTo('v2');
    await vi.waitFor(() => expect(events).toHaveLength(2));
    expect(events.map(({type}) => type)).toEqual(['VERSION_SWITCHED', 'VERSION_SWITCHED']);
  });

  it.each([
    [0, []],
    [1, ['v3']],
    [2, ['v3', 'v2']],
    [9, ['v3', 'v2', 'v1']],
  ])('keeps the last %i of those that were current before', async (keep, previous) => {
    for (const version of ['v1', 'v2', 'v3']) {
      await fill(version);
      await switchTo(version, {keep: 9});
    }
    await fill('v4');
    const {evicted, kept} = await switchTo('v4', {keep});
    expect(kept.sort()).toEqual([...previous].sort());
    expect([...evicted, ...kept].sort()).toEqual(['v1', 'v2', 'v3']);
    expect((await lineRecord())?.previous).toEqual(previous);
    expect(await caches.keys()).toEqual([...previous, 'v4'].map(cacheOf).sort());
  });

  it('to the current version keeps what was kept, and deletes the rest', async () => {
    await fill('v1');
    await switchTo('v1');
    await switchTo('v2');
    await fill('v2', 'v3');
    expect(await switchTo('v2')).toEqual({evicted: ['v3'], kept: ['v1']});
    expect(await switchTo('v2', {keep: 0})).toEqual({evicted: ['v1'], kept: []});
  });

  it('deletes an empty cache that is recorded, and none that is not, whatever it holds', async () => {
    await switchTo('v1');
    await recordCaches(LINE, 'v1');
    await caches.open(cacheOf('v1'));
    await caches.open(cacheOf('v7'));
    await fillForeign('v8');
    await fill('v2');
    expect(await switchTo('v2', {keep: 0})).toEqual({evicted: ['v1'], kept: []});
    expect(await caches.keys()).toEqual(['v7', 'v8', 'v2'].map(cacheOf));
    await fill('v3');
    expect(await switchTo('v3', {evictNow: true})).toEqual({evicted: ['v2'], kept: []});
    expect(await caches.keys()).toEqual(['v7', 'v8', 'v3'].map(cacheOf));
  });

  it('leaves other lines and the caches of others alone', async () => {
    const german = 'https://a.test/de/v1/model';
    await (await caches.open('assets-de-v1')).put(german, new Response(''));
    await (await caches.open('assets-en-thumbnails')).put('https://a.test/logo.svg', new Response(''));
    await fillForeign('v9');
    await recordCaches('assets-de', 'v1');
    await changeRecords((change) =>
      change.put('release', {
        line: 'assets-de',
        version: 'v1',
        order: 1,
        isComplete: true,
        assets: [{key: german}],
      }),
    );
    await switchTo('v1', {}, 'assets-de');
    await fill('v1', 'v2');
    await switchTo('v2', {evictNow: true, keep: 0});

    expect(await caches.keys()).toEqual([
      'assets-de-v1',
      'assets-en-thumbnails',
      cacheOf('v9'),
      cacheOf('v2'),
    ]);
    expect(await readRecords('cache', 'assets-de')).toHaveLength(1);
    expect(await currentVersions()).toEqual(
      new Map([
        ['assets-de', 'v1'],
        [LINE, 'v2'],
      ]),
    );
    expect(await readRecords('release', 'assets-de')).toHaveLength(1);
  });

  it('is made in the order in which it was asked for when two are asked for at once', async () => {
    await fill('v1', 'v2', 'v3');
    const [first, second] = await Promise.all([switchTo('v1', {keep: 0}), switchTo('v2', {keep: 2})]);
    expect(first.evicted).toEqual(['v2', 'v3']);
    expect(second.kept).toEqual(['v1']);
    expect(await lineRecord()).toMatchObject({current: 'v2', previous: ['v1']});
  });
});

describe('a switch to a version of which nothing is stored', () => {
  const refusing = {allowEmpty: false};
  const advice = 'Stage it first; or say allowEmpty: true, to have it filled as its files are requested.';

  it('is refused with the versions that are stored, and changes nothing', async () => {
    await fill('v1', 'v3', 'v2');
    await switchTo('v1', {keep: 9});
    await fill('v3', 'v2');
    const before = [await lineRecord(), await caches.keys(), await readRecords('cache')];
    await expect(switchTo('v4', {...refusing, keep: 0, evictNow: true})).rejects.toThrow(
      `'v4' of 'assets-en' is neither stored nor staged. Stored versions: v1, v2, v3. ${advice}`,
    );
    expect([await lineRecord(), await caches.keys(), await readRecords('cache')]).toEqual(before);
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v1']]));
    await vi.waitFor(() => expect(switched()).toEqual(['v1']));
  });

  it('is refused with the names of the lines that are stored where nothing is of this one', async () => {
    await recordCaches('assets-de', 'v1', 'v2');
    for (const version of ['v1', 'v2']) {
      const german = `https://a.test/de/${version}/model`;
      await (await caches.open(`assets-de-${version}`)).put(german, new Response(version));
    }
    await fill('v1', 'v2');
    // Another app's.
    await recordCaches('models-en', 'v1');
    await (await caches.open('models-en-v1')).put('https://a.test/models', new Response(''));
    await expect(switchTo('v1', refusing, 'assets-fr')).rejects.toThrow(
      `'v1' of 'assets-fr' is neither stored nor staged. Nothing is stored of this line. ` +
        `Lines of which something is: 'assets-de', 'assets-en'. ${advice}`,
    );
    expect(await readRecords('line')).toEqual([]);
  });

  it('is refused where nothing is stored at all', async () => {
    await expect(switchTo('v1', refusing)).rejects.toThrow('Lines of which something is: none.');
  });

  it.each([
    ['its cache was never made', () => recordCaches(LINE, 'v2')],
    [
      'its cache is empty',
      async () => {
        await recordCaches(LINE, 'v2');
        await caches.open(cacheOf('v2'));
      },
    ],
    ['a cache of that name is not recorded', () => fillForeign('v2')],
  ])('is refused where %s, and does not count as a stored version', async (_what, prepare) => {
    await fill('v1');
    await prepare();
    await expect(switchTo('v2', refusing)).rejects.toThrow('Stored versions: v1. Stage');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['one file is in its cache', () => fill('v2')],
    ['it was staged', () => stage('v2', 1)],
    [
      'it was staged, with all its files outside the cache',
      async () => {
        const assets = [{key: modelOf('v2'), file: 'model'}];
        await changeRecords((change) =>
          change.put('release', {line: LINE, version: 'v2', order: 1, isComplete: true, assets}),
        );
        await writeFile({line: LINE, version: 'v2'}, 'model', new Blob(['two']).stream());
      },
    ],
    [
      'a large file of it is stored in pieces',
      async () => {
        await recordCaches(LINE, 'v2');
        await caches.open(`${piecesOf(cacheOf('v2'))}${modelOf('v2')}`);
      },
    ],
    ['it is current already', () => switchTo('v2')],
  ])('is not meant where %s', async (_what, prepare) => {
    await prepare();
    await switchTo('v2', refusing);
    expect(await lineRecord()).toMatchObject({current: 'v2'});
    await removeFiles(LINE, []);
  });

  it('makes it current where the caller allows that', async () => {
    await switchTo('v1');
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v1']]));
    expect(await caches.keys()).toEqual([]);
    await vi.waitFor(() => expect(switched()).toEqual(['v1']));
  });

  it.each<[string, Partial<SwitchOptions>]>([
    ['keeps one', {}],
    ['keeps none', {keep: 0}],
    ['evicts at once', {evictNow: true}],
  ])('evicts nothing, although it %s, and nor does a second one', async (_what, options) => {
    await fill('v1');
    await switchTo('v1');
    await fill('v2', 'v3');
    await stage('v0', 1, {isComplete: false});
    const before = await caches.keys();
    for (const empty of ['v8', 'v9']) {
      const {evicted, kept} = await switchTo(empty, options);
      expect([evicted, kept.sort()]).toEqual([[], await recordedVersions()]);
      await finishEvictions(startWorker());
      expect(await caches.keys()).toEqual(before);
      expect(await lineRecord()).toMatchObject({current: empty});
    }
    expect(await stagedVersions()).toEqual(['v0']);
    await vi.waitFor(() => expect(events).toHaveLength(3));
    expect(switched()).toEqual(['v1', 'v8', 'v9']);
    await switchTo('v1', {...refusing, keep: 0});
    expect(await caches.keys()).toEqual([cacheOf('v1')]);
  });

  it('makes a release that takes no place of one that is kept', async () => {
    await fill('v1');
    await switchTo('v1');
    await switchTo('v2');
    await fill('v3');
    expect(await switchTo('v3')).toEqual({evicted: [], kept: ['v1']});
    expect(await lineRecord()).toMatchObject({current: 'v3', previous: ['v1']});
    expect(await rollBack(releases, LINE, '')).toMatchObject({version: 'v1'});
  });

  it('keeps the release that it replaces for a rollback', async () => {
    await fill('v1');
    await switchTo('v1');
    await switchTo('v2');
    expect(await rollBack(releases, LINE, '')).toEqual({version: 'v1', evicted: [], kept: []});
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v1']]));
  });

  it('leaves the others until a release with files becomes current', async () => {
    await fill('v1', 'v2');
    await switchTo('v2', {keep: 9});
    await switchTo('v3', {keep: 0});
    await fill('v3');
    await finishEvictions(startWorker());
    expect(await caches.keys()).toEqual(['v1', 'v2', 'v3'].map(cacheOf));
    const {evicted} = await switchTo('v3', {keep: 0});
    expect(evicted).toEqual(['v1', 'v2']);
  });
});

describe('the first switch of a line', () => {
  /** Uses releases by URLs with their versions, one after the other. */
  const useAll = async (...versions: string[]): Promise<void> => {
    let now = Date.now();
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => {
      now += 1000;
      return now;
    });
    for (const [index, version] of versions.entries()) {
      const pin = await pinRequest(releases, scope, modelOf(version), arrival(releases, ''));
      await releases.record(pin as Pin);
      await fillForeign(version);
      await use(`page ${index}`, modelOf(version));
    }
    clock.mockRestore();
    present = [];
  };

  it('keeps the release that was used last, and a rollback returns to it', async () => {
    await useAll('v1', 'v2');
    await stage('v3', 1);
    expect(await switchTo('v3')).toEqual({evicted: ['v1'], kept: ['v2']});
    expect(await lineRecord()).toMatchObject({current: 'v3', previous: ['v2']});
    expect(await rollBack(releases, LINE, '')).toEqual({version: 'v2', evicted: [], kept: ['v3']});
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v2']]));
  });

  it('keeps the one that was used last although another one was stored last', async () => {
    await useAll('v1', 'v2', 'v1');
    await fill('v3');
    expect(await switchTo('v3')).toEqual({evicted: ['v2'], kept: ['v1']});
  });

  it('keeps the one that was used before it, where the new one was used last itself', async () => {
    await useAll('v1', 'v2', 'v3');
    expect(await switchTo('v3')).toEqual({evicted: ['v1'], kept: ['v2']});
    expect(await rollBack(releases, LINE, '')).toMatchObject({version: 'v2'});
  });

  it('keeps it also where nothing is stored of the new one', async () => {
    await useAll('v1', 'v2');
    await switchTo('v9');
    expect(await rollBack(releases, LINE, '')).toMatchObject({version: 'v2', evicted: ['v1']});
  });

  it.each<[string, Partial<SwitchOptions>]>([
    ['that keeps none', {keep: 0}],
    ['that evicts at once', {evictNow: true}],
  ])('%s keeps no release that was used', async (_what, options) => {
    await useAll('v1', 'v2');
    await stage('v3', 1);
    expect(await switchTo('v3', options)).toEqual({evicted: ['v1', 'v2'], kept: []});
    await expect(rollBack(releases, LINE, '')).rejects.toThrow('no previous release');
  });

  it('keeps one release with files, not a record without', async () => {
    await useAll('v1', 'v2');
    await caches.delete(cacheOf('v2'));
    await stage('v3', 1);
    expect(await switchTo('v3')).toEqual({evicted: [], kept: ['v1']});
    expect(await lineRecord()).toMatchObject({previous: ['v1']});
  });

  it('keeps none that was used by URL in place of one that is staged', async () => {
    await useAll('v1');
    await stage('v2', 1);
    await stage('v3', 2);
    await use('page', modelOf('v2'));
    present = [];
    expect(await switchTo('v3')).toEqual({evicted: ['v2'], kept: ['v1']});
    expect(await lineRecord()).toMatchObject({previous: ['v1']});
  });

  it('is the only one for which the use counts', async () => {
    await fill('v1');
    await switchTo('v1');
    await useAll('v2');
    await fill('v3');
    expect(await switchTo('v3')).toEqual({evicted: ['v2'], kept: ['v1']});
  });
});

describe('a staged release', () => {
  it('is made current when it is complete', async () => {
    await fill('v1');
    await switchTo('v1');
    await stage('v2', 1);
    await switchTo('v2');
    expect(await lineRecord()).toMatchObject({current: 'v2', previous: ['v1']});
    expect(await stagedVersions()).toEqual(['v2']);
  });

  it.each([
    ['is incomplete', () => stage('v2', 1, {isComplete: false})],
    [
      'lost a file since',
      async () => {
        await stage('v2', 1);
        await (await caches.open(cacheOf('v2'))).delete(modelOf('v2'));
      },
    ],
    [
      'lost its cache since',
      async () => {
        await stage('v2', 1);
        await caches.delete(cacheOf('v2'));
      },
    ],
  ])('is refused when it %s, and nothing is changed', async (_what, prepare) => {
    await fill('v1');
    await switchTo('v1');
    await prepare();
    await fill('v3');
    const before = [await lineRecord(), await caches.keys(), await readRecords('release')];

    await expect(switchTo('v2', {keep: 0, evictNow: true})).rejects.toThrow(
      `'v2' of 'assets-en' was staged and is incomplete. Stage it again.`,
    );
    expect([await lineRecord(), await caches.keys(), await readRecords('release')]).toEqual(before);
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v1']]));
    await switchTo('v3');
    await vi.waitFor(() => expect(switched()).toContain('v3'));
    expect(switched()).toEqual(['v1', 'v3']);
  });

  it('stays current when a check found it damaged', async () => {
    await stage('v1', 1);
    await switchTo('v1');
    await stage('v1', 1, {isComplete: false});
    await switchTo('v1');
    expect(await lineRecord()).toMatchObject({current: 'v1'});
    expect(await stagedVersions()).toEqual(['v1']);
  });

  it('stays beside a release that becomes current without a stage, if it is complete', async () => {
    await stage('v2', 1);
    await stage('v3', 2, {isComplete: false});
    await fill('v1', 'v4');
    const {evicted, kept} = await switchTo('v1', {keep: 0});
    expect(evicted.sort()).toEqual(['v3', 'v4']);
    expect(kept).toEqual(['v2']);
    expect(await stagedVersions()).toEqual(['v2']);
  });

  it('stays beside a release that becomes current without a stage, if it is being staged', async () => {
    await stage('v2', 1, {isComplete: false});
    await fill('v1');
    await withStageLock(LINE, 'v2', new AbortController().signal, async () => {
      expect(await switchTo('v1')).toEqual({evicted: [], kept: ['v2']});
      expect(await stagedVersions()).toEqual(['v2']);
    });
    // A stage of that version on another line does not count.
    await withStageLock('assets-de', 'v2', new AbortController().signal, async () => {
      expect(await switchTo('v1')).toEqual({evicted: ['v2'], kept: []});
    });
    expect(await stagedVersions()).toEqual([]);
  });

  it('is evicted when a release that was staged later becomes current, and one staged later stays', async () => {
    await fill('v1');
    await switchTo('v1');
    await stage('v2', 1);
    await stage('v3', 2);
    await stage('v4', 3, {isComplete: false});
    const {evicted, kept} = await switchTo('v3');
    expect(evicted).toEqual(['v2']);
    expect(kept.sort()).toEqual(['v1', 'v4']);
    expect(await stagedVersions()).toEqual(['v3', 'v4']);
  });

  it('is forgotten when it is no longer kept for a rollback', async () => {
    await stage('v1', 1);
    await switchTo('v1');
    await stage('v2', 2);
    await switchTo('v2');
    expect(await stagedVersions()).toEqual(['v1', 'v2']);
    await fill('v3');
    await switchTo('v3');
    expect(await stagedVersions()).toEqual(['v2']);
    expect(await caches.keys()).toEqual([cacheOf('v2'), cacheOf('v3')]);
  });

  it('is evicted also while its cache is empty', async () => {
    await stage('v1', 1, {isComplete: false});
    await (await caches.open(cacheOf('v1'))).delete(modelOf('v1'));
    await stage('v2', 2);
    expect((await switchTo('v2')).evicted).toEqual(['v1']);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
  });
});

describe('a release that a client uses', () => {
  it('stays until the client is gone', async () => {
    await fill('v1', 'v2');
    await use('page', modelOf('v1'));
    expect(await switchTo('v2', {keep: 0})).toEqual({evicted: [], kept: ['v1']});
    expect(await lineRecord()).toMatchObject({previous: []});
    expect(await recordedVersions()).toEqual(['v1', 'v2']);

    await finishEvictions(releases);
    expect(await caches.keys()).toEqual([cacheOf('v1'), cacheOf('v2')]);
    present = [];
    await finishEvictions(releases);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
    expect(await lineRecord()).toEqual({line: LINE, current: 'v2', previous: [], evicting: false});
    expect(await recordedVersions()).toEqual(['v2']);
    await vi.waitFor(() =>
      expect(events.at(-1)).toEqual({
        type: 'RELEASES_EVICTED',
        payload: {line: LINE, evicted: ['v1'], kept: ['v2']},
      }),
    );
  });

  it('stays when only the records know of the client', async () => {
    await fill('v1', 'v2');
    present = ['page'];
    await changeRecords((change) => change.addUse(LINE, 'page', 'v1', false));
    expect(await switchTo('v2', {keep: 0})).toEqual({evicted: [], kept: ['v1']});
    present = [];
    await finishEvictions(releases);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
  });

  it('is evicted also when its cache is empty', async () => {
    await switchTo('v1');
    await use('page', latest);
    await fill('v2');
    await switchTo('v2', {keep: 0});
    await recordCaches(LINE, 'v1');
    await caches.open(cacheOf('v1'));
    present = [];
    await finishEvictions(releases);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
  });

  it('is forgotten with its client', async () => {
    await switchTo('v1');
    await use('gone', latest);
    await use('page', latest);
    await use('gone', 'https://a.test/de/v1/model');
    await finishEvictions(releases);
    expect(await readRecords('use')).toHaveLength(3);

    present = ['page'];
    await finishEvictions(releases);
    const left = [{line: LINE, client: 'page', pinned: 'v1', used: ['v1']}];
    expect(await readRecords('use')).toEqual(left);
    expect([...((await releases.clientUses.get())?.values() ?? [])]).toEqual(left);
  });

  it('is evicted although another client came', async () => {
    await switchTo('v1');
    await fill('v1', 'v2');
    await use('old', latest);
    await switchTo('v2', {keep: 0});
    present = ['new'];
    expect(await use('new', latest)).toBe('v2');
    await finishEvictions(releases);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
  });

  it('is no longer used by the client that asks for the switch, and still by others', async () => {
    await fill('v1', 'v2');
    await switchTo('v1');
    await use('asker', latest);
    await use('other', latest);
    await fill('v2');
    expect(await switchTo('v2', {client: 'asker', keep: 0})).toEqual({evicted: [], kept: ['v1']});
    expect(await use('asker', latest)).toBe('v2');
    expect(await use('other', latest)).toBe('v1');
  });

  it('is evicted when the client that asks was the only one', async () => {
    await fill('v1', 'v2');
    await switchTo('v1');
    await use('asker', latest);
    await fill('v2');
    expect(await switchTo('v2', {client: 'asker', keep: 0})).toEqual({evicted: ['v1'], kept: []});
  });

  it('has no effect on another line', async () => {
    await fill('v1', 'v2');
    await use('page', 'https://a.test/de/v1/model');
    expect(await switchTo('v2', {keep: 0})).toEqual({evicted: ['v1'], kept: []});
  });
});

describe('a switch that evicts at once', () => {
  it('keeps the new release only, although others are staged or in use', async () => {
    await switchTo('v1');
    await switchTo('v2');
    await fill('v1', 'v2');
    await stage('v3', 1);
    await stage('v4', 2);
    await stage('v5', 3, {isComplete: false});
    await use('page', latest);
    await use('page', modelOf('v1'));

    const {evicted, kept} = await switchTo('v4', {keep: 1, evictNow: true});
    expect(evicted.sort()).toEqual(['v1', 'v2', 'v3', 'v5']);
    expect(kept).toEqual([]);
    expect(await caches.keys()).toEqual([cacheOf('v4')]);
    expect(await stagedVersions()).toEqual(['v4']);
    expect(await lineRecord()).toEqual({line: LINE, current: 'v4', previous: [], evicting: false});
    expect(await recordedVersions()).toEqual(['v4']);
  });

  it('moves every client to the new release', async () => {
    await switchTo('v1');
    await use('asker', latest);
    await use('other', latest);
    await switchTo('v2', {client: 'asker', evictNow: true});
    expect(await readRecords('use')).toEqual([]);
    expect(await use('asker', latest)).toBe('v2');
    expect(await use('other', latest)).toBe('v2');
  });

  it('moves no clients of other lines', async () => {
    await switchTo('v1', {}, 'assets-de');
    await use('page', 'https://a.test/de/model');
    await switchTo('v2', {evictNow: true});
    expect(await readRecords('use')).toMatchObject([{line: 'assets-de', client: 'page', used: ['v1']}]);
  });
});

describe('a rollback', () => {
  it('makes the previous release current, and a second one the newer again', async () => {
    await stage('v1', 1);
    await stage('v2', 2);
    await switchTo('v1');
    await switchTo('v2');
    expect(await rollBack(releases, LINE, '')).toEqual({version: 'v1', evicted: [], kept: ['v2']});
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v1']]));
    expect(await rollBack(releases, LINE, '')).toEqual({version: 'v2', evicted: [], kept: ['v1']});
    expect(await stagedVersions()).toEqual(['v1', 'v2']);
    expect(await caches.keys()).toEqual([cacheOf('v1'), cacheOf('v2')]);
  });

  it('keeps as many releases as were kept', async () => {
    for (const version of ['v1', 'v2', 'v3']) {
      await fill(version);
      await switchTo(version, {keep: 2});
    }
    await rollBack(releases, LINE, '');
    expect(await lineRecord()).toMatchObject({current: 'v2', previous: ['v3', 'v1']});
    expect(await caches.keys()).toEqual(['v1', 'v2', 'v3'].map(cacheOf));
  });

  it('keeps a newer staged release', async () => {
    await stage('v1', 1);
    await switchTo('v1');
    await stage('v2', 2);
    await switchTo('v2');
    await stage('v3', 3);
    await rollBack(releases, LINE, '');
    expect(await stagedVersions()).toEqual(['v1', 'v2', 'v3']);
  });

  it('moves the client that asks, and no other', async () => {
    await fill('v1', 'v2');
    await switchTo('v1');
    await switchTo('v2');
    await use('asker', latest);
    await use('other', latest);
    await rollBack(releases, LINE, 'asker');
    expect(await use('asker', latest)).toBe('v1');
    expect(await use('other', latest)).toBe('v2');
  });

  it.each([
    ['no version was ever current', async () => undefined],
    ['there is no previous version', () => switchTo('v1')],
    [
      'the previous version was not kept',
      async () => {
        await fill('v1', 'v2');
        await switchTo('v1');
        await switchTo('v2', {keep: 0});
      },
    ],
  ])('is refused where %s', async (_what, prepare) => {
    await prepare();
    const before = await lineRecord();
    await expect(rollBack(releases, LINE, '')).rejects.toThrow(`no previous release of 'assets-en' is kept.`);
    expect(await lineRecord()).toEqual(before);
  });

  it('is refused where the previous release is no longer complete', async () => {
    await stage('v1', 1);
    await switchTo('v1');
    await switchTo('v2');
    await stage('v1', 1, {isComplete: false});
    await expect(rollBack(releases, LINE, '')).rejects.toThrow('is incomplete. Stage it again.');
    expect(await lineRecord()).toMatchObject({current: 'v2', previous: ['v1']});
  });

  it('is refused where the cache of the previous release is gone, and changes nothing', async () => {
    for (const version of ['v1', 'v2']) {
      await fill(version);
      await switchTo(version);
    }
    await caches.delete(cacheOf('v1'));
    const before = await lineRecord();
    await expect(rollBack(releases, LINE, '')).rejects.toThrow(
      `'v1' of 'assets-en' is neither stored nor staged. Stored versions: v2.`,
    );
    expect(await lineRecord()).toEqual(before);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v2']]));
  });
});

describe('an eviction of a worker that was killed', () => {
  beforeEach(() =>
    changeRecords((change) =>
      change.put('line', {line: LINE, current: 'v3', previous: ['v2'], evicting: true}),
    ),
  );

  it('is finished by the next worker', async () => {
    await fill('v0', 'v2', 'v3');
    // Its files are deleted already, so only the record shows that it is ours.
    await recordCaches(LINE, 'v1');
    await caches.open(cacheOf('v1'));
    await finishEvictions(startWorker());
    expect(await caches.keys()).toEqual([cacheOf('v2'), cacheOf('v3')]);
    expect(await recordedVersions()).toEqual(['v2', 'v3']);
    await vi.waitFor(() =>
      expect(events).toEqual([
        {type: 'RELEASES_EVICTED', payload: {line: LINE, evicted: ['v0', 'v1'], kept: ['v3', 'v2']}},
      ]),
    );
  });

  it('is finished where its caches are deleted and still recorded, and is not reported again', async () => {
    await fill('v2', 'v3');
    await recordCaches(LINE, 'v0', 'v1');
    await finishEvictions(startWorker());
    expect(await caches.keys()).toEqual([cacheOf('v2'), cacheOf('v3')]);
    expect(await recordedVersions()).toEqual(['v2', 'v3']);
    await switchTo('v3');
    await vi.waitFor(() => expect(events).toHaveLength(1));
    expect(events).toEqual([{type: 'VERSION_SWITCHED', payload: {line: LINE, version: 'v3'}}]);
  });

  it('is left to the worker that has the line', async () => {
    await fill('v1');
    await finishEvictions(startWorker({prefix: 'other', pattern: scope.pattern}));
    expect(await caches.keys()).toEqual([cacheOf('v1')]);
    expect(await recordedVersions()).toEqual(['v1']);
  });

  it('deletes nothing that was never recorded', async () => {
    await fillForeign('v0', 'v1', 'v2');
    await fill('v3');
    await finishEvictions(releases);
    expect(await caches.keys()).toEqual(['v0', 'v1', 'v2', 'v3'].map(cacheOf));
  });
});

describe('a worker that was killed after it recorded a release, and before it made its cache,', () => {
  beforeEach(() => switchTo('v1'));

  it('leaves a record that the next switch deletes, and reports nothing of', async () => {
    await recordCaches(LINE, 'v0');
    await fill('v2');
    expect(await switchTo('v2')).toEqual({evicted: [], kept: []});
    expect(await recordedVersions()).toEqual(['v2']);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
    await vi.waitFor(() => expect(events).toHaveLength(2));
    expect(switched()).toEqual(['v1', 'v2']);
  });

  it('leaves a record that stays with the release while that is current, and goes with it', async () => {
    await recordCaches(LINE, 'v1');
    await switchTo('v1');
    expect(await recordedVersions()).toEqual(['v1']);
    await fill('v2');
    expect(await switchTo('v2')).toEqual({evicted: [], kept: []});
    expect(await recordedVersions()).toEqual(['v2']);
    await expect(rollBack(releases, LINE, '')).rejects.toThrow('no previous release');
  });

  it('leaves a release that is staged again as if it never was', async () => {
    await recordCaches(LINE, 'v2');
    await changeRecords((change) =>
      change.put('release', {
        line: LINE,
        version: 'v2',
        order: 1,
        isComplete: false,
        assets: [{key: modelOf('v2')}],
      }),
    );
    await finishEvictions(startWorker());
    expect(await stagedVersions()).toEqual(['v2']);
    await expect(switchTo('v2')).rejects.toThrow('is incomplete. Stage it again.');
    await stage('v2', 1);
    expect(await switchTo('v2')).toEqual({evicted: [], kept: []});
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
  });
});

describe('what is kept of a release outside its cache', () => {
  /** What the worker's deletion of files is called with. */
  const spyOnEvict = () => vi.spyOn(releases.staged as StagedReleases, 'evict');

  it('is deleted like its cache', async () => {
    const evict = spyOnEvict();
    await stage('v3', 1);
    await fill('v1');
    await use('page', modelOf('v0'));
    await switchTo('v1');
    expect(evict).toHaveBeenLastCalledWith(LINE, ['v1', 'v3', 'v0']);
  });

  it('is deleted later where it cannot be, and the switch is made all the same', async () => {
    const evict = spyOnEvict();
    evict.mockRejectedValueOnce(new DOMException('in use', 'NoModificationAllowedError'));
    await fill('v0', 'v1');
    expect(await switchTo('v1', {keep: 0})).toEqual({evicted: ['v0'], kept: []});
    expect(await lineRecord()).toMatchObject({current: 'v1', evicting: true});
    await finishEvictions(releases);
    expect(evict).toHaveBeenCalledTimes(2);
    expect(await lineRecord()).toMatchObject({current: 'v1', evicting: false});
    await finishEvictions(releases);
    expect(evict).toHaveBeenCalledTimes(2);
  });
});

describe('a worker without staging', () => {
  it('switches, keeps the previous releases and deletes the others', async () => {
    releases.staged = undefined;
    await fill('v0', 'v1');
    expect(await switchTo('v1', {keep: 0})).toEqual({evicted: ['v0'], kept: []});
    await fill('v2');
    expect(await switchTo('v2')).toEqual({evicted: [], kept: ['v1']});
    expect(await rollBack(releases, LINE, '')).toEqual({version: 'v1', evicted: [], kept: ['v2']});
    expect(await recordedVersions()).toEqual(['v1', 'v2']);
  });
});
