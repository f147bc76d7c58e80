import {afterEach, describe, expect, it, vi} from 'vitest';
import {
  type CacheRecord,
  changeRecords,
  type LineRecord,
  type ReleaseRecord,
  readChanges,
  readRecord,
  readRecords,
  type UseRecord,
} from './records.ts';

const LINES = ['assets-en', 'assets-en-us', 'assets-en us', 'assets'];

const lineOf = (line: string, more: Partial<LineRecord> = {}): LineRecord => ({
  line,
  current: 'v1',
  evicting: false,
  previous: [],
  ...more,
});

const useOf = (line: string, client: string): UseRecord => ({line, client, pinned: 'v1', used: ['v1']});

const releaseOf = (line: string, version: string): ReleaseRecord => ({
  line,
  version,
  order: 1,
  isComplete: false,
  assets: [{key: `https://a.test/${version}/model`, file: undefined}],
});

const cacheOf = (line: string, version: string): CacheRecord => ({line, version});

/** A cache that was recorded at some time. */
const usedCacheOf = (line: string, version: string): CacheRecord => ({
  ...cacheOf(line, version),
  usedAt: expect.any(Number),
});

/** Gives every line a record, two clients, two caches and two staged releases. */
const fill = async (): Promise<void> => {
  await changeRecords((change) => {
    for (const line of LINES) {
      change.put('line', lineOf(line));
      change.addUse(line, 'one', 'v1', true);
      change.addUse(line, 'two', 'v1', true);
    }
  });
  await changeRecords((change) => {
    for (const line of LINES) {
      change.addCache(line, 'v1', false);
      change.addCache(line, 'v2', false);
      change.put('release', releaseOf(line, 'v1'));
      change.put('release', releaseOf(line, 'v2'));
    }
  });
};

/** Reads all records, by line. */
const known = async () => {
  const [lines, caches, uses, releases] = await Promise.all([
    readRecords('line'),
    readRecords('cache'),
    readRecords('use'),
    readRecords('release'),
  ]);
  return {
    lines: lines.map(({line}) => line).sort(),
    caches: caches.map(({line, version}) => `${line} ${version}`).sort(),
    uses: uses.map(({line, client}) => `${line} ${client}`).sort(),
    releases: releases.map(({line, version}) => `${line} ${version}`).sort(),
  };
};

afterEach(async () => {
  await changeRecords((change) => {
    for (const line of LINES) {
      change.deleteLine(line);
    }
  });
});

describe('a record', () => {
  it('is read as it was written', async () => {
    const line = lineOf('assets-en', {previous: ['v0']});
    await changeRecords((change) => {
      change.put('line', line);
      change.put('cache', cacheOf('assets-en', 'v0'));
      change.addUse('assets-en', 'one', 'v1', false);
      change.put('release', releaseOf('assets-en', 'v1'));
    });
    await changeRecords((change) => change.addUse('assets-en', 'one', 'v2', false));
    expect(await readRecords('line')).toEqual([line]);
    expect(await readRecords('cache')).toEqual([cacheOf('assets-en', 'v0')]);
    expect(await readRecords('use')).toEqual([
      {line: 'assets-en', client: 'one', pinned: undefined, used: ['v1', 'v2']},
    ]);
    expect(await readRecords('release')).toEqual([releaseOf('assets-en', 'v1')]);
  });

  it('is read for one line without the lines whose names begin with it', async () => {
    await fill();
    expect(await readRecords('line', 'assets')).toEqual([lineOf('assets')]);
    expect(await readRecords('use', 'assets-en')).toEqual([
      useOf('assets-en', 'one'),
      useOf('assets-en', 'two'),
    ]);
    expect(await readRecords('release', 'assets-en')).toEqual([
      releaseOf('assets-en', 'v1'),
      releaseOf('assets-en', 'v2'),
    ]);
    expect(await readRecords('cache', 'assets-en')).toEqual([
      usedCacheOf('assets-en', 'v1'),
      cacheOf('assets-en', 'v2'),
    ]);
    expect(await readRecords('use', 'unknown')).toEqual([]);
  });

  it('is kept for the next worker', async () => {
    await fill();
    const restarted: typeof import('./records.ts') = await import('./records.ts?restarted' as never);
    expect(await restarted.readRecords('line', 'assets')).toEqual([lineOf('assets')]);
  });
});

describe('a change', () => {
  it('replaces the records of the same line and release', async () => {
    await fill();
    await changeRecords((change) => {
      change.put('line', lineOf('assets', {current: 'v2'}));
      change.put('cache', cacheOf('assets', 'v1'));
      change.put('release', {...releaseOf('assets', 'v1'), isComplete: true});
    });
    expect(await readRecords('cache', 'assets')).toEqual([cacheOf('assets', 'v1'), cacheOf('assets', 'v2')]);
    expect(await readRecords('line', 'assets')).toMatchObject([{current: 'v2'}]);
    expect(await readRecords('release', 'assets')).toMatchObject([{isComplete: true}, {isComplete: false}]);
  });

  it('deletes one client of one line', async () => {
    await fill();
    const before = await known();
    await changeRecords((change) => change.delete('use', {line: 'assets-en', client: 'one'}));
    expect(await known()).toEqual({
      ...before,
      uses: before.uses.filter((use) => use !== 'assets-en one'),
    });
  });

  it('deletes all clients of one line', async () => {
    await fill();
    const before = await known();
    await changeRecords((change) => change.deleteAll('use', 'assets-en'));
    expect(await known()).toEqual({
      ...before,
      uses: before.uses.filter((use) => !/^assets-en (one|two)$/.test(use)),
    });
  });

  it('deletes one release, and leaves the record of its cache', async () => {
    await fill();
    const before = await known();
    await changeRecords((change) => change.delete('release', releaseOf('assets-en', 'v2')));
    expect(await known()).toEqual({
      ...before,
      releases: before.releases.filter((release) => release !== 'assets-en v2'),
    });
  });

  it('deletes the record of one cache', async () => {
    await fill();
    const before = await known();
    await changeRecords((change) => change.delete('cache', cacheOf('assets-en', 'v2')));
    expect(await known()).toEqual({
      ...before,
      caches: before.caches.filter((cache) => cache !== 'assets-en v2'),
    });
  });

  it('deletes one line, and leaves what else is known of it', async () => {
    await fill();
    const before = await known();
    await changeRecords((change) => change.delete('line', {line: 'assets-en'}));
    expect(await known()).toEqual({...before, lines: before.lines.filter((line) => line !== 'assets-en')});
  });

  it('deletes all records of one line, and none of the others', async () => {
    await fill();
    await changeRecords((change) => change.deleteLine('assets-en'));
    const {lines, caches, uses, releases} = await known();
    expect(lines).toEqual(['assets', 'assets-en us', 'assets-en-us']);
    expect(caches).toHaveLength(6);
    expect(uses).toHaveLength(6);
    expect(releases).toHaveLength(6);
    expect(
      [...caches, ...uses, ...releases].filter((one) => /^assets-en (one|two|v1|v2)$/.test(one)),
    ).toEqual([]);
  });

  it('pins a client to the version that is current', async () => {
    await changeRecords((change) => change.put('line', lineOf('assets')));
    await changeRecords((change) => change.addUse('assets', 'one', 'v0', false));
    await changeRecords((change) => change.addUse('assets', 'one', 'v1', true));
    expect(await readRecords('use')).toEqual([{...useOf('assets', 'one'), used: ['v0', 'v1']}]);
  });

  it('records a cache that was there before as one that may be of another library', async () => {
    await changeRecords((change) => change.addCache('assets', 'v1', true));
    const wasThere = {...cacheOf('assets', 'v1'), wasThere: true};
    expect(await readRecords('cache')).toEqual([wasThere]);
    await changeRecords((change) => change.addCache('assets', 'v1', true));
    expect(await readRecords('cache')).toEqual([wasThere]);
  });

  it('records a cache that is about to be made as the own one, and leaves it so when it is there', async () => {
    for (const isThere of [true, false, true]) {
      await changeRecords((change) => change.addCache('assets', 'v1', isThere));
    }
    expect(await readRecords('cache')).toEqual([cacheOf('assets', 'v1')]);
  });

  it('notes when another client began to use a cache, recorded by then or not', async () => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(1000);
    await changeRecords((change) => change.addUse('assets', 'one', 'v2', false));
    await changeRecords((change) => {
      change.addCache('assets', 'v1', true);
      change.addCache('assets', 'v2', false);
      change.addCache('assets', 'v3', false);
    });
    clock.mockReturnValue(2000);
    await changeRecords((change) => change.addUse('assets', 'one', 'v1', false));
    clock.mockRestore();
    expect(await readRecords('cache')).toEqual([
      {...cacheOf('assets', 'v1'), wasThere: true, usedAt: 2000},
      {...cacheOf('assets', 'v2'), usedAt: 1000},
      cacheOf('assets', 'v3'),
    ]);
  });

  it('records no cache for a release that a client uses and that has none', async () => {
    await changeRecords((change) => change.addUse('assets', 'one', 'v1', false));
    expect(await readRecords('cache')).toEqual([]);
  });

  it('adds a version to those that a client uses by then, and leaves its pin', async () => {
    await changeRecords((change) => {
      change.put('line', lineOf('assets'));
      change.addUse('assets', 'one', 'v1', true);
    });
    await changeRecords((change) => change.addUse('assets', 'one', 'v2', false));
    await changeRecords((change) => change.addUse('assets', 'one', 'v2', false));
    expect(await readRecords('use')).toEqual([{...useOf('assets', 'one'), used: ['v1', 'v2']}]);
  });

  it('does not restore what a client used before it moved to another release', async () => {
    await changeRecords((change) => {
      change.put('line', lineOf('assets'));
      change.addUse('assets', 'one', 'v1', true);
    });
    await changeRecords((change) => change.delete('use', {line: 'assets', client: 'one'}));
    await changeRecords((change) => change.addUse('assets', 'one', 'v3', false));
    expect(await readRecords('use')).toEqual([
      {line: 'assets', client: 'one', pinned: undefined, used: ['v3']},
    ]);
  });

  it.each<[string, (line: string) => LineRecord]>([
    ['is no longer the current one', (line) => lineOf(line, {current: 'v2', previous: ['v1']})],
    ['is current in another line', () => lineOf('assets-en us')],
  ])('pins no client to a version that %s', async (_what, recordOf) => {
    await changeRecords((change) => {
      change.put('line', recordOf('assets-en'));
      change.addUse('assets-en', 'one', 'v0', false);
    });
    const before = await known();
    const uses = await readRecords('use');
    await changeRecords((change) => {
      change.addUse('assets-en', 'one', 'v1', true);
      change.addUse('assets-en', 'two', 'v1', true);
    });
    expect(await readRecords('use')).toEqual(uses);
    expect(await known()).toEqual(before);
  });

  it('pins a client to the version that the same change makes current', async () => {
    await changeRecords((change) => change.put('line', lineOf('assets', {current: 'v0'})));
    await changeRecords((change) => {
      change.put('line', lineOf('assets'));
      change.addUse('assets', 'one', 'v1', true);
    });
    expect(await readRecords('use')).toEqual([useOf('assets', 'one')]);
  });

  it('is rejected when it cannot be made, and then nothing of it is recorded', async () => {
    const unwritable = {...lineOf('assets'), current: () => 'v1'} as unknown as LineRecord;
    const change = changeRecords((change) => {
      change.put('release', releaseOf('assets', 'v1'));
      change.put('line', unwritable);
    });
    await expect(change).rejects.toThrow('could not be cloned');
    expect(await known()).toEqual({lines: [], caches: [], uses: [], releases: []});
  });

  it('resolves to what its function returns', async () => {
    expect(await changeRecords(() => 'result')).toBe('result');
  });
});

describe('one record', () => {
  it('is read by what it is about', async () => {
    await fill();
    expect(await readRecord('line', 'assets')).toEqual(lineOf('assets'));
    expect(await readRecord('use', 'assets-en', 'two')).toEqual(useOf('assets-en', 'two'));
    expect(await readRecord('cache', 'assets-en', 'v2')).toEqual(cacheOf('assets-en', 'v2'));
    expect(await readRecord('release', 'assets-en', 'v2')).toEqual(releaseOf('assets-en', 'v2'));
  });

  it('is undefined where none is recorded', async () => {
    await fill();
    expect(await readRecord('line', 'unknown')).toBeUndefined();
    expect(await readRecord('cache', 'assets-en', 'v3')).toBeUndefined();
    expect(await readRecord('release', 'assets-en', 'v3')).toBeUndefined();
  });
});

describe('the count of changes', () => {
  const countIn = async (): Promise<number> => (await readChanges())?.count ?? 0;

  it('counts a change that asks for it, with its eviction', async () => {
    const before = await countIn();
    await changeRecords((change) => change.count());
    await changeRecords((change) => change.count({line: 'assets', kept: ['v2']}));
    const {count, evictions = []} = (await readChanges()) ?? {};
    expect(count).toBe(before + 2);
    expect(evictions.at(-1)).toEqual({change: before + 2, line: 'assets', kept: ['v2']});
  });

  it('gives the record as it was before the change', async () => {
    await changeRecords((change) => change.count());
    const before = await readChanges();
    const {result} = await changeRecords((change) => change.count({kept: []}));
    expect(result).toEqual(before);
  });

  it('counts no other change', async () => {
    const before = await countIn();
    await fill();
    expect(await countIn()).toBe(before);
  });

  it('is no record of a line, of a cache, of a client, or of a release', async () => {
    await changeRecords((change) => change.count({kept: []}));
    expect(await known()).toEqual({lines: [], caches: [], uses: [], releases: []});
  });

  it('outlives the records of all lines', async () => {
    await changeRecords((change) => change.count());
    const before = await countIn();
    await changeRecords((change) => change.deleteLine('assets'));
    expect(await countIn()).toBe(before);
  });
});
