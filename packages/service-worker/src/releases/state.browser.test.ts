import {afterEach, describe, expect, it} from 'vitest';
import {changeState, type LineRecord, type ReleaseRecord, readRecords, type UseRecord} from './state.ts';

const LINES = ['assets-en', 'assets-en-us', 'assets-en us', 'assets'];

const lineOf = (line: string, more: Partial<LineRecord> = {}): LineRecord => ({
  line,
  current: 'v1',
  previous: [],
  evicting: false,
  leaving: [],
  ...more,
});

const useOf = (line: string, client: string): UseRecord => ({line, client, pinned: 'v1', used: ['v1']});

const releaseOf = (line: string, version: string): ReleaseRecord => ({
  line,
  version,
  order: 1,
  isWhole: false,
  assets: [{key: `https://a.test/${version}/model`, file: undefined}],
});

/** Every line has a record, two clients and two releases. */
const fill = (): Promise<void> =>
  changeState((change) => {
    for (const line of LINES) {
      change.putLine(lineOf(line));
      change.addUse(line, 'one', 'v1', true);
      change.addUse(line, 'two', 'v1', true);
      change.putRelease(releaseOf(line, 'v1'));
      change.putRelease(releaseOf(line, 'v2'));
    }
  });

/** All that is known, by line. */
const known = async () => {
  const [lines, uses, releases] = await Promise.all([
    readRecords('line'),
    readRecords('use'),
    readRecords('release'),
  ]);
  return {
    lines: lines.map(({line}) => line).sort(),
    uses: uses.map(({line, client}) => `${line} ${client}`).sort(),
    releases: releases.map(({line, version}) => `${line} ${version}`).sort(),
  };
};

afterEach(async () => {
  await changeState((change) => {
    for (const line of LINES) {
      change.deleteLine(line);
    }
  });
});

describe('what is known', () => {
  it('is read as it was written', async () => {
    const line = lineOf('assets-en', {previous: ['v0'], evicting: true, leaving: ['v00']});
    await changeState((change) => {
      change.putLine(line);
      change.addUse('assets-en', 'one', 'v1', false);
      change.putRelease(releaseOf('assets-en', 'v1'));
    });
    await changeState((change) => change.addUse('assets-en', 'one', 'v2', false));
    expect(await readRecords('line')).toEqual([line]);
    expect(await readRecords('use')).toEqual([
      {line: 'assets-en', client: 'one', pinned: undefined, used: ['v1', 'v2']},
    ]);
    expect(await readRecords('release')).toEqual([releaseOf('assets-en', 'v1')]);
  });

  it('is read for one line without those whose names begin like it', async () => {
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
    expect(await readRecords('use', 'unknown')).toEqual([]);
  });

  it('is there for the next worker', async () => {
    await fill();
    const restarted: typeof import('./state.ts') = await import('./state.ts?restarted' as never);
    expect(await restarted.readRecords('line', 'assets')).toEqual([lineOf('assets')]);
  });
});

describe('a change', () => {
  it('takes the place of what was known of the same thing', async () => {
    await fill();
    await changeState((change) => {
      change.putLine(lineOf('assets', {current: 'v2'}));
      change.putRelease({...releaseOf('assets', 'v1'), isWhole: true});
    });
    expect(await readRecords('line', 'assets')).toMatchObject([{current: 'v2'}]);
    expect(await readRecords('release', 'assets')).toMatchObject([{isWhole: true}, {isWhole: false}]);
  });

  it('forgets one client of one line', async () => {
    await fill();
    const before = await known();
    await changeState((change) => change.deleteUse('assets-en', 'one'));
    expect(await known()).toEqual({
      ...before,
      uses: before.uses.filter((use) => use !== 'assets-en one'),
    });
  });

  it('forgets all clients of one line', async () => {
    await fill();
    const before = await known();
    await changeState((change) => change.deleteUses('assets-en'));
    expect(await known()).toEqual({
      ...before,
      uses: before.uses.filter((use) => !/^assets-en (one|two)$/.test(use)),
    });
  });

  it('forgets one release', async () => {
    await fill();
    const before = await known();
    await changeState((change) => change.deleteRelease('assets-en', 'v2'));
    expect(await known()).toEqual({
      ...before,
      releases: before.releases.filter((release) => release !== 'assets-en v2'),
    });
  });

  it('forgets all of one line, and nothing of the others', async () => {
    await fill();
    await changeState((change) => change.deleteLine('assets-en'));
    const {lines, uses, releases} = await known();
    expect(lines).toEqual(['assets', 'assets-en us', 'assets-en-us']);
    expect(uses).toHaveLength(6);
    expect(releases).toHaveLength(6);
    expect([...uses, ...releases].filter((one) => /^assets-en (one|two|v1|v2)$/.test(one))).toEqual([]);
  });

  it('pins a client to the version that is current', async () => {
    await changeState((change) => change.putLine(lineOf('assets')));
    await changeState((change) => change.addUse('assets', 'one', 'v0', false));
    await changeState((change) => change.addUse('assets', 'one', 'v1', true));
    expect(await readRecords('use')).toEqual([{...useOf('assets', 'one'), used: ['v0', 'v1']}]);
  });

  it('adds what a client uses to what it uses by then, and leaves its pin', async () => {
    await changeState((change) => {
      change.putLine(lineOf('assets'));
      change.addUse('assets', 'one', 'v1', true);
    });
    await changeState((change) => change.addUse('assets', 'one', 'v2', false));
    await changeState((change) => change.addUse('assets', 'one', 'v2', false));
    expect(await readRecords('use')).toEqual([{...useOf('assets', 'one'), used: ['v1', 'v2']}]);
  });

  it('does not bring back what a client used before it moved over', async () => {
    await changeState((change) => {
      change.putLine(lineOf('assets'));
      change.addUse('assets', 'one', 'v1', true);
    });
    await changeState((change) => change.deleteUse('assets', 'one'));
    await changeState((change) => change.addUse('assets', 'one', 'v3', false));
    expect(await readRecords('use')).toEqual([
      {line: 'assets', client: 'one', pinned: undefined, used: ['v3']},
    ]);
  });

  it.each<[string, (line: string) => LineRecord]>([
    ['is not the current one any more', (line) => lineOf(line, {current: 'v2', previous: ['v1']})],
    ['is that of another line', () => lineOf('assets-en us')],
  ])('pins no client to a version that %s', async (_what, recordOf) => {
    await changeState((change) => {
      change.putLine(recordOf('assets-en'));
      change.addUse('assets-en', 'one', 'v0', false);
    });
    const before = await readRecords('use');
    await changeState((change) => {
      change.addUse('assets-en', 'one', 'v1', true);
      change.addUse('assets-en', 'two', 'v1', true);
    });
    expect(await readRecords('use')).toEqual(before);
  });

  it('pins a client to what is made current with the same change', async () => {
    await changeState((change) => change.putLine(lineOf('assets', {current: 'v0'})));
    await changeState((change) => {
      change.putLine(lineOf('assets'));
      change.addUse('assets', 'one', 'v1', true);
    });
    expect(await readRecords('use')).toEqual([useOf('assets', 'one')]);
  });

  it('is told when it cannot be made', async () => {
    const unwritable = {...lineOf('assets'), current: () => 'v1'} as unknown as LineRecord;
    await expect(changeState((change) => change.putLine(unwritable))).rejects.toThrow('could not be cloned');
  });
});
