import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {WorkerState} from '../worker/WorkerState.ts';
import type {FileDownload} from './FileDownload.ts';
import {FileDownloads} from './FileDownloads.ts';
import {filesInPieces} from './filesInPieces.ts';
import {Piece} from './Piece.ts';
import {PieceStore} from './PieceStore.ts';
import {eventually} from './testing/eventually.ts';
import {bytesOf, drain, Host} from './testing/Host.ts';
import type {Part} from './Upstream.ts';

const FILE = bytesOf(100);
const NOW = Date.parse('2026-08-20T12:00:00Z');
const DAY = 24 * 60 * 60 * 1000;
const SIZES = {minBytes: 1, pieceBytes: 10};

let worker: WorkerState;
let downloads: FileDownloads;
let host: Host;

beforeEach(() => {
  vi.useFakeTimers({now: NOW, toFake: ['Date', 'setTimeout', 'clearTimeout']});
  worker = new WorkerState();
  downloads = worker.part(FileDownloads);
  host = new Host(FILE, 4);
  vi.stubGlobal('fetch', host.fetch);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

/** Leaves pieces of a file, as a worker that was killed so long ago. */
const leave = async (
  key: string,
  bytes: number,
  ago: number,
  {home = 'models', isChecked = false} = {},
): Promise<void> => {
  vi.setSystemTime(NOW - ago);
  const store = await PieceStore.resume({home, key});
  await store.describe({size: 100, validator: '"one"', headers: []});
  const piece = new Piece(0, bytes);
  piece.add(FILE.slice(0, bytes));
  await store.put(piece);
  await store.check(isChecked);
  vi.setSystemTime(NOW);
};

const storeWhole = async (key: string): Promise<void> =>
  (await caches.open('models')).put(key, new Response(FILE, {headers: {vary: 'Accept'}}));

const keysInPieces = async (): Promise<string[]> => (await filesInPieces()).map(({key}) => key);

const urlOf = (name: string): string => `https://a.test/${encodeURIComponent(name)}`;

interface Begun {
  download: FileDownload;
  part?: Part | undefined;
}

/** Begins to download a file, and holds the host at an offset. */
const beginIn = async (home: string, key: string, offset: number): Promise<Begun> => {
  host.holdAt(offset);
  const wanted = {key, request: new Request(key), home, mayBeStored: () => true};
  const obtained = await downloads.obtain(wanted, SIZES, async () => undefined);
  if (!('download' in obtained)) {
    throw new Error('This is a large file.');
  }
  return obtained;
};

describe('pieces that earlier workers left behind', () => {
  it('are deleted when nothing has asked for them in a week, when their file is an entry, and when its cache is gone', async () => {
    await leave(urlOf('begun a week ago'), 50, 7 * DAY + 1);
    await leave(urlOf('begun this week'), 50, 7 * DAY);
    await leave(urlOf('checked a year ago'), 100, 365 * DAY, {isChecked: true});
    await leave(urlOf('complete a week ago, not checked'), 100, 7 * DAY + 1);
    await leave(urlOf('complete this week'), 100, DAY);
    await leave(urlOf('of a cache that is gone'), 100, DAY, {home: 'gone'});
    await leave(urlOf('an entry'), 100, DAY);
    await storeWhole(urlOf('an entry'));
    await leave(urlOf('an entry, and damaged since'), 50, DAY);
    await storeWhole(urlOf('an entry, and damaged since'));
    await leave(urlOf('in progress'), 50, 8 * DAY);
    await beginIn('models', urlOf('in progress'), 60);
    await caches.open('another cache');
    await caches.delete('gone');
    await downloads.clean();
    expect(await keysInPieces()).toEqual([
      urlOf('begun this week'),
      urlOf('checked a year ago'),
      urlOf('complete this week'),
      urlOf('in progress'),
    ]);
    expect(await caches.keys()).toEqual(expect.arrayContaining(['models', 'another cache']));
  });

  it('are looked for once in the life of a worker, five seconds after the first download begins', async () => {
    await leave(urlOf('old'), 50, 8 * DAY);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await keysInPieces()).toEqual([urlOf('old')]);

    await beginIn('models', urlOf('new'), 10);
    await vi.advanceTimersByTimeAsync(4999);
    expect(await keysInPieces()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    await eventually(async () => expect(await keysInPieces()).toEqual([urlOf('new')]));

    await leave(urlOf('old'), 50, 8 * DAY);
    await beginIn('models', urlOf('newer'), 10);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await keysInPieces()).toContain(urlOf('old'));
  });
});

describe('when a release is evicted', () => {
  it('its pieces are deleted, also those of a download in progress, whose readers get the rest from the host', async () => {
    await leave(urlOf('of another release'), 50, DAY, {home: 'models-v2'});
    await leave(urlOf('of the release'), 100, DAY, {home: 'models-v1'});
    const {download, part} = await beginIn('models-v1', urlOf('in progress'), 36);
    const bytes = drain(download.read({start: 0, end: 100}));
    const all = download.fetchAll(part);
    all.catch(() => undefined);
    await eventually(() => expect(host.sent).toBe(36));

    await caches.delete('models-v1');
    await Promise.all([...worker.cleanups].map((clean) => clean()));
    expect(download.isClosed).toBe(true);
    expect(await keysInPieces()).toEqual([urlOf('of another release')]);
    host.goOn();
    expect(await bytes).toEqual(FILE);
    await expect(all).rejects.toMatchObject({reason: 'release-evicted'});
    expect(await keysInPieces()).toEqual([urlOf('of another release')]);
  });

  it('the worker deletes its pieces without having downloaded anything', async () => {
    await leave(urlOf('of the release'), 100, DAY, {home: 'models-v1'});
    await caches.delete('models-v1');
    await Promise.all([...worker.cleanups].map((clean) => clean()));
    expect(await keysInPieces()).toEqual([]);
  });

  it('storage that fails does not fail the eviction', async () => {
    vi.spyOn(CacheStorage.prototype, 'keys').mockRejectedValueOnce(
      new DOMException('broken', 'UnknownError'),
    );
    await Promise.all([...worker.cleanups].map((clean) => clean()));
    await leave(urlOf('old'), 50, 8 * DAY);
    await downloads.clean();
    expect(await keysInPieces()).toEqual([]);
  });
});

describe('a host that does not answer', () => {
  const key = urlOf('silent');
  let asked: AbortSignal[];
  /** Answers a request by its number. The others wait until they are aborted. */
  let answers: Map<number, () => Promise<Response>>;

  beforeEach(() => {
    asked = [];
    answers = new Map();
    vi.stubGlobal('fetch', ({signal}: Request) => {
      asked.push(signal);
      return (
        answers.get(asked.length)?.() ??
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        })
      );
    });
  });

  const obtain = (left?: AbortSignal) =>
    downloads.obtain(
      {key, request: new Request(key), home: 'models', mayBeStored: () => true, left},
      SIZES,
      async () => undefined,
    );

  it('is asked on another connection after ten seconds, for all that wait', async () => {
    answers.set(2, () => host.fetch(new Request(key)));
    const obtained = Promise.all([obtain(), obtain()]);
    await eventually(() => expect(asked).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(8000);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    const [first, second] = (await obtained) as Begun[];
    expect(first?.download).toBe(second?.download);
    expect(asked.map(({aborted}) => aborted)).toEqual([true, false]);
  });

  it('is asked no longer when the last page that waits has left', async () => {
    const pages = [new AbortController(), new AbortController()];
    const obtained = pages.map(({signal}) => obtain(signal).catch(({name}) => name));
    await eventually(() => expect(asked).toHaveLength(1));
    pages[0]?.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked[0]?.aborted).toBe(false);
    pages[1]?.abort();
    expect(await Promise.all(obtained)).toEqual(['AbortError', 'AbortError']);
    expect(asked.map(({aborted}) => aborted)).toEqual([true]);
  });

  it('is asked for the rest no longer when the page has left', async () => {
    await leave(key, 50, 0);
    const page = new AbortController();
    const obtained = obtain(page.signal).catch(({name}) => name);
    await eventually(() => expect(asked).toHaveLength(1));
    page.abort();
    expect(await obtained).toBe('AbortError');
    expect(asked.map(({aborted}) => aborted)).toEqual([true]);
  });
});

describe('a download on whose connection nothing arrives', () => {
  const key = urlOf('stalled');

  it('continues on another connection when a request joins', async () => {
    const {download, part} = await beginIn('models', key, 40);
    download.fetchAll(part).catch(() => undefined);
    await eventually(() => expect(download.progress.progress().bytes).toBe(40));
    const joined = await beginIn('models', key, 40);
    expect(joined.download).toBe(download);
    const bytes = drain(download.read({start: 0, end: 100}));
    // The connection, and the pause before the next one.
    await vi.advanceTimersByTimeAsync(6000);
    expect(await bytes).toEqual(FILE);
    expect(host.asked).toEqual([null, 'bytes=40-99']);
  });

  it('is left to its readers where nothing identifies the file, and the file is fetched anew', async () => {
    host.headers = {};
    const first = await beginIn('models', key, 40);
    const bytes = drain(first.download.read({start: 0, end: 100}));
    first.download.fetchAll(first.part).catch(() => undefined);
    await eventually(() => expect(first.download.progress.progress().bytes).toBe(40));
    const wanted = {key, request: new Request(key), home: 'models', mayBeStored: () => true};
    const joining = downloads.obtain(wanted, SIZES, async () => undefined);
    await vi.advanceTimersByTimeAsync(5000);
    const second = (await joining) as Begun;
    expect(second.download).not.toBe(first.download);
    expect(host.asked).toEqual([null, null]);
    host.goOn();
    second.download.fetchAll(second.part).catch(() => undefined);
    expect(await drain(second.download.read({start: 0, end: 100}))).toEqual(FILE);
    expect(await bytes).toEqual(FILE);
  });
});
