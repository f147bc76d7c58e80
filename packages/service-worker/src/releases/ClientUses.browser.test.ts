import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {WorkerState} from '../worker/WorkerState.ts';
import {useOf} from './ClientUses.ts';
import {arrival, type ClientPin, pinRequest} from './pinRequest.ts';
import {Releases} from './Releases.ts';
import {type Change, changeRecords, readRecords, type UseRecord} from './records.ts';
import {clearRecords} from './testing/clearRecords.ts';

const LINE = 'assets-en';
const scope = {prefix: 'assets', pattern: /\/(?<locale>[a-z]+)\/(?:(?<version>v\d+)\/)?model$/};
const latest = 'https://a.test/en/model';
const urlOf = (version: string): string => `https://a.test/en/${version}/model`;

let releases: Releases;
/** The clients that the browser knows. */
let present: string[];
const matchAll = vi.fn(async (_options?: ClientQueryOptions) => present.map((id) => ({id})));

/** A worker that starts now, over the same storage. */
const startWorker = (): Releases => new Releases(new WorkerState());

beforeEach(() => {
  releases = startWorker();
  present = ['one', 'two'];
  vi.stubGlobal('clients', {matchAll});
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await clearRecords();
});

const current = (version: string) => (change: Change) =>
  change.put('line', {line: LINE, current: version, previous: [], evicting: false});

/** Makes a version current, and moves no client to it. */
const makeCurrent = async (version: string): Promise<void> => {
  await changeRecords(current(version));
  releases.forget();
};

/** A client asks for a URL. Resolves when its use is recorded. */
const ask = async (
  client: string,
  url: string,
  at = arrival(releases, client),
): Promise<ClientPin | null | undefined> => {
  const pin = await pinRequest(releases, scope, url, at);
  await pin?.noted;
  return pin;
};

const versionFor = async (...request: Parameters<typeof ask>): Promise<string | undefined> =>
  (await ask(...request))?.version;

/** Reads the uses into memory, and the current versions, as the first request of a worker does. */
const load = async (): Promise<void> => {
  await Promise.all([releases.clientUses.get(), releases.currentVersions.get()]);
};

/** What is recorded, as a later worker will find it. */
const recorded = (): Promise<UseRecord[]> => readRecords('use', LINE);

/** What this worker knows. */
const known = async (client: string): Promise<UseRecord | undefined> => {
  const uses = await releases.clientUses.get();
  return uses && useOf(uses, LINE, client);
};

const read = (line?: string) => releases.clientUses.read(line);

const versionsIn = (uses: readonly UseRecord[]): string[] =>
  [...new Set(uses.flatMap(({used}) => used))].sort();

describe('a client’s URLs without a version', () => {
  it('stand for the current release', async () => {
    await makeCurrent('v1');
    expect(await ask('one', latest)).toMatchObject({
      key: latest,
      line: LINE,
      version: 'v1',
      cacheName: 'assets-en-v1',
      isMoving: true,
    });
  });

  it('keep standing for the release that they stood for first', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v1');
    expect(await versionFor('two', latest)).toBe('v2');
  });

  it('stand for the same release in a restarted worker', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    await makeCurrent('v2');
    releases = startWorker();
    expect(await known('one')).toEqual({line: LINE, client: 'one', pinned: 'v1', used: ['v1']});
    expect(await versionFor('one', latest)).toBe('v1');
  });

  it('stand for the current release although a URL named another one before', async () => {
    await makeCurrent('v2');
    await ask('one', urlOf('v1'));
    expect(await versionFor('one', latest)).toBe('v2');
    expect(await recorded()).toEqual([{line: LINE, client: 'one', pinned: 'v2', used: ['v1', 'v2']}]);
  });

  it('stand for nothing while no release is current', async () => {
    expect(await ask('one', latest)).toBeNull();
    expect(await recorded()).toEqual([]);
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v2');
  });

  it('stand for the current release again after the client moved to it', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    await ask('two', latest);
    releases.clientUses.forget(LINE, 'one');
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v2');
    expect(await versionFor('two', latest)).toBe('v1');
  });

  it('stand for one release during a request, and for the current one in the next', async () => {
    await makeCurrent('v1');
    const before = arrival(releases, 'one');
    await before.snapshot;
    await makeCurrent('v2');
    expect(await ask('one', latest, before)).toMatchObject({version: 'v1', noted: undefined});
    expect(await recorded()).toEqual([]);
    expect(await versionFor('one', latest)).toBe('v2');
  });

  it('are not pinned in the records to a release that another worker has just replaced', async () => {
    await makeCurrent('v1');
    // The page is known, so this worker does not look whether another one has changed the records.
    await arrival(releases, 'one').snapshot;
    await startWorker().evictions.change(current('v2'));
    expect(await versionFor('one', latest)).toBe('v1');
    expect(await recorded()).toEqual([]);
  });
});

describe('a URL with a version', () => {
  it('stands for that release, whichever is current or was used before', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    expect(await ask('one', urlOf('v3'))).toMatchObject({version: 'v3', isMoving: false});
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v1');
    expect(await recorded()).toEqual([{line: LINE, client: 'one', pinned: 'v1', used: ['v1', 'v3']}]);
  });

  it('is recorded as used although a switch was made during the request', async () => {
    const before = arrival(releases, 'one');
    await makeCurrent('v2');
    await ask('one', urlOf('v1'), before);
    expect(await recorded()).toEqual([{line: LINE, client: 'one', pinned: undefined, used: ['v1']}]);
  });
});

it('pins no URL out of scope', async () => {
  await makeCurrent('v1');
  expect(await ask('one', 'https://a.test/logo.svg')).toBeUndefined();
  expect(await recorded()).toEqual([]);
});

it('records nothing for a request without a client', async () => {
  await makeCurrent('v1');
  expect(await ask('', latest)).toMatchObject({version: 'v1', noted: undefined});
  await makeCurrent('v2');
  expect(await versionFor('', latest)).toBe('v2');
  expect(await recorded()).toEqual([]);
});

describe('the use of a release', () => {
  it('is written once, however often the client asks', async () => {
    await makeCurrent('v1');
    await load();
    // The page is known: its first request also looks whether another worker has changed the records.
    await arrival(releases, 'one').snapshot;
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction');
    for (const url of [latest, latest, urlOf('v1'), latest]) {
      await ask('one', url);
    }
    expect(transaction).toHaveBeenCalledOnce();
    expect(await recorded()).toHaveLength(1);
  });

  it('is known in this worker although it cannot be written, and the page does not wait', async () => {
    await makeCurrent('v1');
    await load();
    const failing = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('Unexpected internal error.', 'UnknownError');
    });
    expect(await versionFor('one', latest)).toBe('v1');
    failing.mockRestore();
    expect(await recorded()).toEqual([]);
    expect(versionsIn((await read(LINE)).present)).toEqual(['v1']);
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v1');
  });

  it('is not recorded for a release that was evicted during the request', async () => {
    await makeCurrent('v1');
    for (const url of [latest, urlOf('v1')]) {
      const before = arrival(releases, 'one');
      await before.look;
      releases.evictions.note({line: LINE, kept: ['v2']});
      expect(await ask('one', url, before)).toMatchObject({version: 'v1', noted: undefined});
      expect(await read(LINE)).toEqual({present: [], gone: []});
    }
    await makeCurrent('v2');
    expect(await versionFor('one', latest)).toBe('v2');
  });
});

describe('reading the uses', () => {
  it('counts a client as present that came while the browser listed its clients', async () => {
    await makeCurrent('v1');
    await load();
    // The browser has made its list before the page was open; its request comes in before the list does.
    matchAll.mockImplementationOnce(async () => {
      await pinRequest(releases, scope, latest, arrival(releases, 'one'));
      return [];
    });
    expect((await read(LINE)).gone).toEqual([]);
  });

  it('returns those of each client, for one line or for all', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    await ask('two', urlOf('v2'));
    await ask('two', urlOf('v3').replace('/en/', '/de/'));
    expect(versionsIn((await read(LINE)).present)).toEqual(['v1', 'v2']);
    expect(versionsIn((await read('assets-de')).present)).toEqual(['v3']);
    expect(versionsIn((await read()).present)).toEqual(['v1', 'v2', 'v3']);
    expect((await read()).gone).toEqual([]);
  });

  it('separates those of clients that are gone, and forgets nothing', async () => {
    await makeCurrent('v1');
    await ask('one', latest);
    await ask('two', urlOf('v2'));
    present = ['two'];
    const {present: left, gone} = await read(LINE);
    expect([versionsIn(left), new Set(left.map(({client}) => client))]).toEqual([['v2'], new Set(['two'])]);
    expect([versionsIn(gone), new Set(gone.map(({client}) => client))]).toEqual([['v1'], new Set(['one'])]);
    expect(await recorded()).toHaveLength(2);
    expect(await known('one')).toMatchObject({used: ['v1']});
  });

  it('includes those that another worker recorded', async () => {
    await releases.clientUses.get();
    const use = {line: LINE, client: 'one', pinned: undefined, used: ['v1']};
    await changeRecords((change) => change.addUse(LINE, 'one', 'v1', false));
    expect(await known('one')).toBeUndefined();
    expect(await read(LINE)).toEqual({present: [use], gone: []});
    present = [];
    expect(await read(LINE)).toEqual({present: [], gone: [use]});
  });

  it('includes those that are noted while the browser lists its clients', async () => {
    await makeCurrent('v1');
    await load();
    matchAll.mockImplementationOnce(async () => {
      const pin = await pinRequest(releases, scope, latest, arrival(releases, 'one'));
      expect(pin?.noted).toBeDefined();
      return [{id: 'one'}];
    });
    expect(versionsIn((await read(LINE)).present)).toEqual(['v1']);
  });

  it('includes those of clients that this worker does not control, and of workers', async () => {
    matchAll.mockClear();
    await read(LINE);
    expect(matchAll).toHaveBeenCalledExactlyOnceWith({includeUncontrolled: true, type: 'all'});
  });
});
