import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {clientUses, forgetUses, readUses, useOf} from './clientUses.ts';
import {currentVersions, forgetSnapshot} from './currentVersions.ts';
import {forgetLines} from './dropCaches.ts';
import {noteEviction} from './evictions.ts';
import {arrival, type ClientPin, pinned} from './pinned.ts';
import {changeState, readRecords, type UseRecord} from './state.ts';

const LINE = 'assets-en';
const scope = {prefix: 'assets', pattern: /\/(?<locale>[a-z]+)\/(?:(?<version>v\d+)\/)?model$/};
const latest = 'https://a.test/en/model';
const urlOf = (version: string): string => `https://a.test/en/${version}/model`;

/** The clients that the browser knows. */
let there: string[];
const matchAll = vi.fn(async (_options?: ClientQueryOptions) => there.map((id) => ({id})));

beforeEach(() => {
  there = ['one', 'two'];
  vi.stubGlobal('clients', {matchAll});
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  // What could not be written is known in memory alone.
  forgetUses(LINE);
  await forgetLines(() => true);
});

/** Makes a version current, and moves nobody over. */
const makeCurrent = async (current: string): Promise<void> => {
  await changeState((change) =>
    change.putLine({line: LINE, current, previous: [], evicting: false, leaving: []}),
  );
  forgetSnapshot();
};

/** A client asks for a URL. @returns once that is written down. */
const ask = async (client: string, url: string, at = arrival()): Promise<ClientPin | null | undefined> => {
  const pin = await pinned(scope, url, client, at);
  await pin?.noted;
  return pin;
};

const versionFor = async (...request: Parameters<typeof ask>): Promise<string | undefined> =>
  (await ask(...request))?.version;

/** What is written down, as a later worker will find it. */
const written = async (): Promise<UseRecord[]> => readRecords('use', LINE);

/** What is known in this worker. */
const known = async (client: string): Promise<UseRecord | undefined> => {
  const uses = await clientUses();
  return uses && useOf(uses, LINE, client);
};

const versionsIn = (uses: readonly UseRecord[]): string[] =>
  [...new Set(uses.flatMap(({used}) => used))].sort();

describe('a client’s URLs without a version', () => {
  it('mean the current release', async () => {
    await makeCurrent('v1');
    expect(await ask('one', latest)).toMatchObject({
      key: latest,
      line: LINE,
      version: 'v1',
      cacheName: 'assets-en-v1',
      isMoving: true,
    });
  });

  it('go on meaning the release that they meant at first', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v1');
    expect(await versionFor('two', latest)).toBe('v2');
  });

  it('mean the same also to a worker that is started later', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    const restarted: typeof import('./clientUses.ts') = await import('./clientUses.ts?restarted' as never);
    const uses = await restarted.clientUses();
    expect(uses && restarted.useOf(uses, LINE, 'one')).toEqual({
      line: LINE,
      client: 'one',
      pinned: 'v1',
      used: ['v1'],
    });
  });

  it('mean the current release although a URL has named another one before', async () => {
    await makeCurrent('v2');
    await ask('one', urlOf('v1'));
    expect(await versionFor('one', latest)).toBe('v2');
    expect(await written()).toEqual([{line: LINE, client: 'one', pinned: 'v2', used: ['v1', 'v2']}]);
  });

  it('mean nothing while no release is current', async () => {
    expect(await ask('one', latest)).toBeNull();
    expect(await written()).toEqual([]);
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v2');
  });

  it('mean the current release again once it has moved over', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    await ask('two', latest);
    forgetUses(LINE, 'one');
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v2');
    expect(await versionFor('two', latest)).toBe('v1');
  });

  it('mean for one request what they meant when it came in, and for the next one what is current', async () => {
    await makeCurrent('v1');
    const before = arrival();
    await before.versions;
    await makeCurrent('v2');
    expect(await ask('one', latest, before)).toMatchObject({version: 'v1', noted: undefined});
    expect(await written()).toEqual([]);
    expect(await versionFor('one', latest)).toBe('v2');
  });

  it('are not pinned for the next worker to what another worker has just replaced', async () => {
    await makeCurrent('v1');
    await currentVersions();
    // This worker has not heard of it yet.
    await changeState((change) =>
      change.putLine({line: LINE, current: 'v2', previous: [], evicting: false, leaving: []}),
    );
    expect(await versionFor('one', latest)).toBe('v1');
    expect(await written()).toEqual([]);
  });
});

describe('a URL with a version', () => {
  it('means that release, whichever is current or was meant before', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    expect(await ask('one', urlOf('v3'))).toMatchObject({version: 'v3', isMoving: false});
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v1');
    expect(await written()).toEqual([{line: LINE, client: 'one', pinned: 'v1', used: ['v1', 'v3']}]);
  });

  it('is noted although a switch has come since the request did', async () => {
    const before = arrival();
    await makeCurrent('v2');
    await ask('one', urlOf('v1'), before);
    expect(await written()).toEqual([{line: LINE, client: 'one', pinned: undefined, used: ['v1']}]);
  });
});

it('leaves a URL out of scope to others', async () => {
  await makeCurrent('v1');
  expect(await ask('one', 'https://a.test/logo.svg')).toBeUndefined();
  expect(await written()).toEqual([]);
});

it('notes nothing for a request of no client', async () => {
  await makeCurrent('v1');
  expect(await ask('', latest)).toMatchObject({version: 'v1', noted: undefined});
  await makeCurrent('v2');
  expect(await versionFor('', latest)).toBe('v2');
  expect(await written()).toEqual([]);
});

describe('the use of a release', () => {
  it('is written once, however often the client asks', async () => {
    await makeCurrent('v1');
    await Promise.all([clientUses(), currentVersions()]);
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
    for (const url of [latest, latest, urlOf('v1'), latest]) {
      await ask('one', url);
    }
    expect(transaction).toHaveBeenCalledOnce();
    expect(await written()).toHaveLength(1);
  });

  it('is known in this worker although it cannot be written, and the page is not kept waiting', async () => {
    await makeCurrent('v1');
    await Promise.all([clientUses(), currentVersions()]);
    const broken = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('Unexpected internal error.', 'UnknownError');
    });
    expect(await versionFor('one', latest)).toBe('v1');
    broken.mockRestore();
    expect(await written()).toEqual([]);
    expect(versionsIn((await readUses(LINE)).there)).toEqual(['v1']);
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v1');
  });

  it('is not noted of one that has been evicted since the request came in', async () => {
    await makeCurrent('v1');
    for (const url of [latest, urlOf('v1')]) {
      const before = arrival();
      noteEviction({line: LINE, kept: ['v2']});
      expect(await ask('one', url, before)).toMatchObject({version: 'v1', noted: undefined});
      expect(await readUses(LINE)).toEqual({there: [], gone: []});
    }
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v2');
  });
});

describe('the uses that are read', () => {
  it('are no use of a client that has gone, where the client has come while the clients were asked for', async () => {
    await makeCurrent('v1');
    await Promise.all([clientUses(), currentVersions()]);
    // The browser has made its list before the page was there; its request comes in before the list does.
    matchAll.mockImplementationOnce(async () => {
      await pinned(scope, latest, 'one', arrival());
      return [];
    });
    expect((await readUses(LINE)).gone).toEqual([]);
  });

  it('are those of each client, of one line or of all', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    await ask('two', urlOf('v2'));
    await ask('two', urlOf('v3').replace('/en/', '/de/'));
    expect(versionsIn((await readUses(LINE)).there)).toEqual(['v1', 'v2']);
    expect(versionsIn((await readUses('assets-de')).there)).toEqual(['v3']);
    expect(versionsIn((await readUses()).there)).toEqual(['v1', 'v2', 'v3']);
    expect((await readUses()).gone).toEqual([]);
  });

  it('say of which clients they are that have gone, and forget nothing', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    await ask('two', urlOf('v2'));
    there = ['two'];
    const {there: left, gone} = await readUses(LINE);
    expect([versionsIn(left), new Set(left.map(({client}) => client))]).toEqual([['v2'], new Set(['two'])]);
    expect([versionsIn(gone), new Set(gone.map(({client}) => client))]).toEqual([['v1'], new Set(['one'])]);
    expect(await written()).toHaveLength(2);
    expect(await known('one')).toMatchObject({used: ['v1']});
  });

  it('are also those that only the worker before knew of', async () => {
    await clientUses();
    const use = {line: LINE, client: 'one', pinned: undefined, used: ['v1']};
    await changeState((change) => change.addUse(LINE, 'one', 'v1', false));
    expect(await known('one')).toBeUndefined();
    expect(await readUses(LINE)).toEqual({there: [use], gone: []});
    there = [];
    expect(await readUses(LINE)).toEqual({there: [], gone: [use]});
  });

  it('are also those that are noted while the clients are asked for', async () => {
    await makeCurrent('v1');
    await Promise.all([clientUses(), currentVersions()]);
    matchAll.mockImplementationOnce(async () => {
      const pin = await pinned(scope, latest, 'one', arrival());
      expect(pin?.noted).toBeDefined();
      return [{id: 'one'}];
    });
    expect(versionsIn((await readUses(LINE)).there)).toEqual(['v1']);
  });

  it('are also those of a client that this worker does not control, or that is no page', async () => {
    matchAll.mockClear();
    await readUses(LINE);
    expect(matchAll).toHaveBeenCalledExactlyOnceWith({includeUncontrolled: true, type: 'all'});
  });
});
