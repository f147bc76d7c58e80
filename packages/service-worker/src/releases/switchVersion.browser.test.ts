import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {clientUses} from './clientUses.ts';
import {currentVersions} from './currentVersions.ts';
import {forgetLines} from './dropCaches.ts';
import {EVENT_CHANNEL, type VersionScopeEvent} from './events.ts';
import {arrival, pinned} from './pinned.ts';
import {releaseKeeper, setReleaseKeeper} from './releaseKeeper.ts';
import {withStageLock} from './stageLock.ts';
import {changeState, type LineRecord, type ReleaseRecord, readRecords} from './state.ts';
import {finishEvictions, rollBack, type SwitchOptions, switchVersion} from './switchVersion.ts';

const LINE = 'assets-en';
const scope = {prefix: 'assets', pattern: /\/(?<locale>en|de)\/(?:(?<version>v\d+)\/)?[\w.]+$/};
const latest = 'https://a.test/en/model';
const modelOf = (version: string): string => `https://a.test/en/${version}/model`;
const cacheOf = (version: string): string => `${LINE}-${version}`;

/** The clients that the browser knows. */
let there: string[];
let events: VersionScopeEvent[];
let channel: BroadcastChannel;
const noKeeper = releaseKeeper();

beforeEach(() => {
  there = [];
  events = [];
  channel = new BroadcastChannel(EVENT_CHANNEL);
  channel.onmessage = ({data}) => events.push(data);
  vi.stubGlobal('clients', {matchAll: async () => there.map((id) => ({id}))});
});

afterEach(async () => {
  channel.close();
  vi.unstubAllGlobals();
  setReleaseKeeper(noKeeper);
  await forgetLines(() => true);
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

/** Puts a file into the caches of some releases. */
const fill = async (...versions: string[]): Promise<void> => {
  for (const version of versions) {
    await (await caches.open(cacheOf(version))).put(modelOf(version), new Response(version));
  }
};

/** A release that was staged, with one file in its cache. */
const stage = async (version: string, order: number, more: Partial<ReleaseRecord> = {}): Promise<void> => {
  await fill(version);
  const assets = [{key: modelOf(version)}];
  await changeState((change) =>
    change.putRelease({line: LINE, version, order, isWhole: true, assets, ...more}),
  );
};

const switchTo = (version: string, options: Partial<SwitchOptions> = {}, line = LINE) =>
  switchVersion([scope], line, version, {keep: 1, evictNow: false, ...options});

/** A client asks for an asset, and uses its release from then on. @returns which one that is. */
const use = async (client: string, url: string): Promise<string | undefined> => {
  there = [...new Set([...there, client])];
  const pin = await pinned(scope, url, client, arrival());
  await pin?.noted;
  return pin?.version;
};

const lineRecord = async (): Promise<LineRecord | undefined> => (await readRecords('line', LINE))[0];

/** The switches that were told. */
const switched = (): string[] =>
  events.flatMap(({type, payload}) => (type === 'VERSION_SWITCHED' ? payload.version : []));

const stagedVersions = async (): Promise<string[]> =>
  (await readRecords('release', LINE)).map(({version}) => version);

describe('a switch', () => {
  it('makes a version the current one, and says what became of the others', async () => {
    await fill('v1', 'v2', 'v3');
    expect(await switchTo('v1')).toEqual({evicted: ['v2', 'v3'], kept: []});
    await fill('v2');
    expect(await switchTo('v2')).toEqual({evicted: [], kept: ['v1']});
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v2']]));
    expect(await caches.keys()).toEqual([cacheOf('v1'), cacheOf('v2')]);
    expect(await lineRecord()).toEqual({
      line: LINE,
      current: 'v2',
      previous: ['v1'],
      evicting: false,
      leaving: [],
    });
  });

  it('is told to all, and then what went', async () => {
    await fill('v1', 'v2');
    await switchTo('v1');
    await vi.waitFor(() =>
      expect(events).toEqual([
        {type: 'VERSION_SWITCHED', payload: {line: LINE, version: 'v1'}},
        {type: 'RELEASES_EVICTED', payload: {line: LINE, evicted: ['v2'], kept: ['v1']}},
      ]),
    );
  });

  it('tells of no eviction where nothing went', async () => {
    await switchTo('v1');
    await switchTo('v2');
    await vi.waitFor(() => expect(events).toHaveLength(2));
    expect(events.map(({type}) => type)).toEqual(['VERSION_SWITCHED', 'VERSION_SWITCHED']);
  });

  it.each([
    [0, []],
    [1, ['v3']],
    [2, ['v3', 'v2']],
    [9, ['v3', 'v2', 'v1']],
  ])('keeps %i of those that were current before, the last ones', async (keep, previous) => {
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

  it('to the version that is current keeps what was kept, and cleans up', async () => {
    await switchTo('v1');
    await switchTo('v2');
    await fill('v1', 'v2', 'v3');
    expect(await switchTo('v2')).toEqual({evicted: ['v3'], kept: ['v1']});
    expect(await switchTo('v2', {keep: 0})).toEqual({evicted: ['v1'], kept: []});
  });

  it('may be made to a version that was never staged, and has no cache yet', async () => {
    await switchTo('v1');
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v1']]));
    expect(await caches.keys()).toEqual([]);
  });

  it('deletes an empty cache of a release that was ours, and no other', async () => {
    await switchTo('v1');
    await caches.open(cacheOf('v1'));
    await caches.open(cacheOf('v7'));
    expect(await switchTo('v2', {keep: 0})).toEqual({evicted: ['v1'], kept: []});
    expect(await caches.keys()).toEqual([cacheOf('v7')]);
  });

  it('leaves other lines alone, and caches that are not ours', async () => {
    const german = 'https://a.test/de/v1/model';
    await (await caches.open('assets-de-v1')).put(german, new Response(''));
    await (await caches.open('assets-en-thumbnails')).put('https://a.test/logo.svg', new Response(''));
    await changeState((change) =>
      change.putRelease({line: 'assets-de', version: 'v1', order: 1, isWhole: true, assets: [{key: german}]}),
    );
    await switchTo('v1', {}, 'assets-de');
    await fill('v1');
    await switchTo('v2', {evictNow: true, keep: 0});

    expect(await caches.keys()).toEqual(['assets-de-v1', 'assets-en-thumbnails']);
    expect(await currentVersions()).toEqual(
      new Map([
        ['assets-de', 'v1'],
        [LINE, 'v2'],
      ]),
    );
    expect(await readRecords('release', 'assets-de')).toHaveLength(1);
  });

  it('is made in the order in which it was asked for, when it is asked for twice at once', async () => {
    await fill('v1', 'v2', 'v3');
    const [first, second] = await Promise.all([switchTo('v1', {keep: 2}), switchTo('v2', {keep: 2})]);
    expect(first.evicted).toEqual(['v2', 'v3']);
    expect(second.kept).toEqual(['v1']);
    expect(await lineRecord()).toMatchObject({current: 'v2', previous: ['v1'], evicting: false});
  });
});

describe('a release that was staged', () => {
  it('is made current when it is whole', async () => {
    await switchTo('v1');
    await stage('v2', 1);
    await switchTo('v2');
    expect(await lineRecord()).toMatchObject({current: 'v2', previous: ['v1']});
    expect(await stagedVersions()).toEqual(['v2']);
  });

  it.each([
    ['was not brought in whole', () => stage('v2', 1, {isWhole: false})],
    [
      'has lost a file since',
      async () => {
        await stage('v2', 1);
        await (await caches.open(cacheOf('v2'))).delete(modelOf('v2'));
      },
    ],
    [
      'has lost its cache since',
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
      `'v2' of 'assets-en' was staged and is not whole. Stage it again.`,
    );
    expect([await lineRecord(), await caches.keys(), await readRecords('release')]).toEqual(before);
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v1']]));
    await switchTo('v3');
    await vi.waitFor(() => expect(switched()).toContain('v3'));
    expect(switched()).toEqual(['v1', 'v3']);
  });

  it('stays current when a check has found it damaged', async () => {
    await stage('v1', 1);
    await switchTo('v1');
    await stage('v1', 1, {isWhole: false});
    await switchTo('v1');
    expect(await lineRecord()).toMatchObject({current: 'v1'});
    expect(await stagedVersions()).toEqual(['v1']);
  });

  it('stays beside one that becomes current without a stage, if it is whole', async () => {
    await stage('v2', 1);
    await stage('v3', 2, {isWhole: false});
    await fill('v1', 'v4');
    const {evicted, kept} = await switchTo('v1');
    expect(evicted.sort()).toEqual(['v3', 'v4']);
    expect(kept).toEqual(['v2']);
    expect(await stagedVersions()).toEqual(['v2']);
  });

  it('stays beside one that becomes current without a stage, if somebody is at it', async () => {
    await stage('v2', 1, {isWhole: false});
    await fill('v1');
    await withStageLock(LINE, 'v2', new AbortController().signal, async () => {
      expect(await switchTo('v1')).toEqual({evicted: [], kept: ['v2']});
      expect(await stagedVersions()).toEqual(['v2']);
    });
    // The same one on another line is no reason.
    await withStageLock('assets-de', 'v2', new AbortController().signal, async () => {
      expect(await switchTo('v1')).toEqual({evicted: ['v2'], kept: []});
    });
    expect(await stagedVersions()).toEqual([]);
  });

  it('goes when one that was staged later becomes current, and stays when it was itself the later', async () => {
    await fill('v1');
    await switchTo('v1');
    await stage('v2', 1);
    await stage('v3', 2);
    await stage('v4', 3, {isWhole: false});
    const {evicted, kept} = await switchTo('v3');
    expect(evicted).toEqual(['v2']);
    expect(kept.sort()).toEqual(['v1', 'v4']);
    expect(await stagedVersions()).toEqual(['v3', 'v4']);
  });

  it('is forgotten with its turn as a former release', async () => {
    await stage('v1', 1);
    await switchTo('v1');
    await stage('v2', 2);
    await switchTo('v2');
    expect(await stagedVersions()).toEqual(['v1', 'v2']);
    await switchTo('v3');
    expect(await stagedVersions()).toEqual(['v2']);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
  });

  it('is known to be ours while it is empty, also when it goes', async () => {
    await stage('v1', 1, {isWhole: false});
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
    expect(await lineRecord()).toMatchObject({evicting: true, previous: []});

    await finishEvictions([scope]);
    expect(await caches.keys()).toEqual([cacheOf('v1'), cacheOf('v2')]);
    there = [];
    await finishEvictions([scope]);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
    expect(await lineRecord()).toEqual({
      line: LINE,
      current: 'v2',
      previous: [],
      evicting: false,
      leaving: [],
    });
    await vi.waitFor(() =>
      expect(events.at(-1)).toEqual({
        type: 'RELEASES_EVICTED',
        payload: {line: LINE, evicted: ['v1'], kept: ['v2']},
      }),
    );
  });

  it('stays when only the worker before knew of the client', async () => {
    await fill('v1', 'v2');
    there = ['page'];
    await changeState((change) => change.addUse(LINE, 'page', 'v1', false));
    expect(await switchTo('v2', {keep: 0})).toEqual({evicted: [], kept: ['v1']});
    there = [];
    await finishEvictions([scope]);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
  });

  it('goes when it is empty, too', async () => {
    await switchTo('v1');
    await use('page', latest);
    await switchTo('v2', {keep: 0});
    await caches.open(cacheOf('v1'));
    there = [];
    await finishEvictions([scope]);
    expect(await caches.keys()).toEqual([]);
  });

  it('is noted no longer than the client is there', async () => {
    await switchTo('v1');
    await use('gone', latest);
    await use('page', latest);
    await use('gone', 'https://a.test/de/v1/model');
    await finishEvictions([scope]);
    expect(await readRecords('use')).toHaveLength(3);

    there = ['page'];
    await finishEvictions([scope]);
    const left = [{line: LINE, client: 'page', pinned: 'v1', used: ['v1']}];
    expect(await readRecords('use')).toEqual(left);
    expect([...((await clientUses())?.values() ?? [])]).toEqual(left);
  });

  it('goes although another client has come', async () => {
    await switchTo('v1');
    await fill('v1', 'v2');
    await use('old', latest);
    await switchTo('v2', {keep: 0});
    there = ['new'];
    expect(await use('new', latest)).toBe('v2');
    await finishEvictions([scope]);
    expect(await caches.keys()).toEqual([cacheOf('v2')]);
  });

  it('is left by the client that asks for the switch, and by no other', async () => {
    await fill('v1', 'v2');
    await switchTo('v1');
    await use('asker', latest);
    await use('other', latest);
    expect(await switchTo('v2', {client: 'asker', keep: 0})).toEqual({evicted: [], kept: ['v1']});
    expect(await use('asker', latest)).toBe('v2');
    expect(await use('other', latest)).toBe('v1');
  });

  it('goes when the client that asks was the only one', async () => {
    await fill('v1', 'v2');
    await switchTo('v1');
    await use('asker', latest);
    expect(await switchTo('v2', {client: 'asker', keep: 0})).toEqual({evicted: ['v1'], kept: []});
  });

  it('is no concern of another line', async () => {
    await fill('v1', 'v2');
    await use('page', 'https://a.test/de/v1/model');
    expect(await switchTo('v2', {keep: 0})).toEqual({evicted: ['v1'], kept: []});
  });
});

describe('a switch that evicts at once', () => {
  it('leaves the new release and nothing else, whoever uses or has staged it', async () => {
    await switchTo('v1');
    await switchTo('v2');
    await fill('v1', 'v2');
    await stage('v3', 1);
    await stage('v4', 2);
    await stage('v5', 3, {isWhole: false});
    await use('page', latest);
    await use('page', modelOf('v1'));

    const {evicted, kept} = await switchTo('v4', {keep: 1, evictNow: true});
    expect(evicted.sort()).toEqual(['v1', 'v2', 'v3', 'v5']);
    expect(kept).toEqual([]);
    expect(await caches.keys()).toEqual([cacheOf('v4')]);
    expect(await stagedVersions()).toEqual(['v4']);
    expect(await lineRecord()).toEqual({
      line: LINE,
      current: 'v4',
      previous: [],
      evicting: false,
      leaving: [],
    });
  });

  it('moves every client over', async () => {
    await switchTo('v1');
    await use('asker', latest);
    await use('other', latest);
    await switchTo('v2', {client: 'asker', evictNow: true});
    expect(await readRecords('use')).toEqual([]);
    expect(await use('asker', latest)).toBe('v2');
    expect(await use('other', latest)).toBe('v2');
  });

  it('leaves the clients of other lines where they are', async () => {
    await switchTo('v1', {}, 'assets-de');
    await use('page', 'https://a.test/de/model');
    await switchTo('v2', {evictNow: true});
    expect(await readRecords('use')).toMatchObject([{line: 'assets-de', client: 'page', used: ['v1']}]);
  });
});

describe('a rollback', () => {
  it('goes back to the release before, and forth again', async () => {
    await stage('v1', 1);
    await stage('v2', 2);
    await switchTo('v1');
    await switchTo('v2');
    expect(await rollBack([scope], LINE, undefined)).toEqual({version: 'v1', evicted: [], kept: ['v2']});
    expect(await currentVersions()).toEqual(new Map([[LINE, 'v1']]));
    expect(await rollBack([scope], LINE, undefined)).toEqual({version: 'v2', evicted: [], kept: ['v1']});
    expect(await stagedVersions()).toEqual(['v1', 'v2']);
    expect(await caches.keys()).toEqual([cacheOf('v1'), cacheOf('v2')]);
  });

  it('keeps as many as were kept', async () => {
    for (const version of ['v1', 'v2', 'v3']) {
      await fill(version);
      await switchTo(version, {keep: 2});
    }
    await rollBack([scope], LINE, undefined);
    expect(await lineRecord()).toMatchObject({current: 'v2', previous: ['v3', 'v1'], evicting: false});
    expect(await caches.keys()).toEqual(['v1', 'v2', 'v3'].map(cacheOf));
  });

  it('leaves a newer release that is staged where it is', async () => {
    await stage('v1', 1);
    await switchTo('v1');
    await stage('v2', 2);
    await switchTo('v2');
    await stage('v3', 3);
    await rollBack([scope], LINE, undefined);
    expect(await stagedVersions()).toEqual(['v1', 'v2', 'v3']);
  });

  it('moves the client that asks over, and no other', async () => {
    await switchTo('v1');
    await switchTo('v2');
    await use('asker', latest);
    await use('other', latest);
    await rollBack([scope], LINE, 'asker');
    expect(await use('asker', latest)).toBe('v1');
    expect(await use('other', latest)).toBe('v2');
  });

  it.each([
    ['no version was ever current', async () => undefined],
    ['there was none before', () => switchTo('v1')],
    [
      'the one before was not kept',
      async () => {
        await switchTo('v1');
        await switchTo('v2', {keep: 0});
      },
    ],
  ])('is refused where %s', async (_what, prepare) => {
    await prepare();
    const before = await lineRecord();
    await expect(rollBack([scope], LINE, undefined)).rejects.toThrow(
      `no release of 'assets-en' is kept that was current before.`,
    );
    expect(await lineRecord()).toEqual(before);
  });

  it('is refused where the release before is not whole any more', async () => {
    await stage('v1', 1);
    await switchTo('v1');
    await switchTo('v2');
    await stage('v1', 1, {isWhole: false});
    await expect(rollBack([scope], LINE, undefined)).rejects.toThrow('is not whole. Stage it again.');
    expect(await lineRecord()).toMatchObject({current: 'v2', previous: ['v1']});
  });
});

describe('what a worker has left that was killed', () => {
  const killedAfter = (record: Partial<LineRecord>): Promise<void> =>
    changeState((change) =>
      change.putLine({line: LINE, current: 'v3', previous: ['v2'], evicting: true, leaving: [], ...record}),
    );

  it('is deleted by the next one', async () => {
    await killedAfter({leaving: ['v1']});
    await fill('v0', 'v2', 'v3');
    // Its files have gone already, and so nothing but the record tells whose it is.
    await caches.open(cacheOf('v1'));
    await finishEvictions([scope]);
    expect(await caches.keys()).toEqual([cacheOf('v2'), cacheOf('v3')]);
    expect(await lineRecord()).toMatchObject({evicting: false, leaving: []});
  });

  it('is left to the worker whose line it is', async () => {
    await killedAfter({});
    await fill('v1');
    await finishEvictions([{prefix: 'other', pattern: scope.pattern}]);
    expect(await caches.keys()).toEqual([cacheOf('v1')]);
    expect(await lineRecord()).toMatchObject({evicting: true});
  });

  it('is not looked for where nothing was left', async () => {
    await killedAfter({evicting: false});
    await fill('v1');
    await finishEvictions([scope]);
    expect(await caches.keys()).toEqual([cacheOf('v1')]);
  });
});

describe('what is kept of a release elsewhere', () => {
  it('goes as its cache does', async () => {
    const evict = vi.fn(async () => undefined);
    setReleaseKeeper({...noKeeper, evict});
    await stage('v3', 1);
    await use('page', modelOf('v0'));
    await switchTo('v1');
    expect(evict).toHaveBeenLastCalledWith(LINE, ['v1', 'v3', 'v0']);
  });

  it('goes later where it cannot be deleted, and the switch is made all the same', async () => {
    const evict = vi.fn(async () => undefined);
    evict.mockRejectedValueOnce(new DOMException('in use', 'NoModificationAllowedError'));
    setReleaseKeeper({...noKeeper, evict});
    await switchTo('v1');
    expect(await lineRecord()).toMatchObject({current: 'v1', evicting: true});
    await finishEvictions([scope]);
    expect(evict).toHaveBeenCalledTimes(2);
    expect(await lineRecord()).toMatchObject({current: 'v1', evicting: false});
  });
});
