import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {WorkerState} from '../worker/WorkerState.ts';
import {FileDownloads} from './FileDownloads.ts';
import type {Fetched} from './FileFetcher.ts';
import {failureOf} from './failureOf.ts';
import {fetchToStore} from './fetchToStore.ts';
import type {Sizes} from './options.ts';
import {ResumableCacheFirst} from './ResumableCacheFirst.ts';
import {eventually} from './testing/eventually.ts';
import {drain, Host} from './testing/Host.ts';

vi.mock('../timing/pauseBefore.ts', () => ({
  pauseBefore: async (_attempts: number, signal: AbortSignal) => signal.throwIfAborted(),
}));

const UNIT = 8192;
const SIZE = 16 * UNIT;
const PIECE = 8 * UNIT;
const SIZES: Sizes = {minBytes: SIZE, pieceBytes: PIECE};

/** Bytes that tell where they are, and of which file. */
const fileOf = (seed: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new Uint32Array(SIZE / 4).map((_, word) => word * 31 + seed).buffer);

const FILE = fileOf(0);
const OTHER = fileOf(7);

/** One for all tests, so that none deletes the pieces of another one as leftovers. */
const worker = new WorkerState();

let url: string;
let host: Host;
let controller: AbortController;
/** What is done behind the answers to pages. */
let behind: Promise<unknown>[];
let files = 0;

beforeEach(() => {
  files += 1;
  url = `https://a.test/${files}/model.onnx`;
  host = new Host(FILE, UNIT);
  controller = new AbortController();
  behind = [];
  vi.stubGlobal('fetch', host.fetch);
});

afterEach(async () => {
  host.goOn();
  vi.useRealTimers();
  vi.restoreAllMocks();
  await Promise.allSettled(behind);
  vi.unstubAllGlobals();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

/** Fetches the file, to be stored in a release's cache. */
const fetchIt = ({signal} = controller): Promise<Fetched> =>
  fetchToStore(
    worker.part(FileDownloads),
    {key: url, request: new Request(url), home: 'models', mayBeStored: () => true},
    signal,
    SIZES,
  );

/** Whether bytes are the same, however many there are. */
const isSame = (bytes: Uint8Array<ArrayBuffer>, others: Uint8Array<ArrayBuffer>): boolean =>
  indexedDB.cmp(bytes, others) === 0;

const isFile = async (response: Response | undefined, file = FILE): Promise<boolean> =>
  isSame(await drain(response?.body), file);

/** The bounds of the stored pieces, whichever was stored first. */
const pieces = async (): Promise<string[]> => {
  const cacheName = `holdfast-pieces models ${url}`;
  const keys = (await caches.has(cacheName)) ? await (await caches.open(cacheName)).keys() : [];
  return keys
    .map((key) => new URL(key.url).pathname.slice(1))
    .filter(Boolean)
    .sort();
};

/** Resolves when all pieces are stored. */
const allStored = async (): Promise<void> => {
  const wanted = {key: url, request: new Request(url), home: 'models', mayBeStored: () => true};
  const obtained = await worker.part(FileDownloads).obtain(wanted, SIZES, async () => undefined);
  await eventually(() => expect('download' in obtained && obtained.download.isComplete).toBe(true));
};

const stored = (): Promise<Response | undefined> => caches.match(url, {cacheName: 'models'});

/** Downloads so many bytes of the file, and aborts. */
const breakOffAt = async (bytes: number): Promise<void> => {
  host.holdAt(bytes);
  const {response, end} = await fetchIt();
  const drained = drain(response.body).catch(() => undefined);
  await eventually(() => expect(host.sent).toBe(bytes));
  controller.abort();
  await drained;
  await end('broken-off');
  host.goOn();
  await eventually(async () => expect(await pieces()).toHaveLength(Math.ceil(bytes / PIECE)));
  controller = new AbortController();
  host.asked.length = 0;
  host.sent = 0;
};

describe('an answer that is no large file', () => {
  it.each([
    ['a small file', () => new Response('small', {headers: {'content-length': '5', etag: '"one"'}})],
    ['an error', () => new Response('not here', {status: 404})],
    [
      'an error with a long text',
      () => new Response('not here', {status: 404, headers: {'content-length': `${SIZE}`, etag: '"one"'}}),
    ],
    ['a file of unknown size', () => new Response(FILE)],
  ])('is passed on as it is: %s', async (_what, answer) => {
    const response = answer();
    host.instead.push(response);
    const fetched = await fetchIt();
    expect(fetched.response).toBe(response);
    expect(fetched.response.bodyUsed).toBe(false);
    expect(fetched.isResumable).toBe(false);
    await fetched.end('stored');
    expect(await caches.keys()).toEqual([]);
  });

  it.each([
    [false, 2 ** 24 - 1],
    [true, 2 ** 24],
  ])('is a file of less than 16 MiB, if nothing else is wanted (%s: %i bytes)', async (expected, size) => {
    host = new Host(new Uint8Array(size), 2 ** 20);
    vi.stubGlobal('fetch', host.fetch);
    const wanted = {key: url, request: new Request(url), home: 'models', mayBeStored: () => true};
    const {response, isResumable} = await fetchToStore(worker.part(FileDownloads), wanted, controller.signal);
    expect(isResumable).toBe(expected);
    expect((await drain(response.body)).byteLength).toBe(size);
  });

  /** It is as large as it says. */
  const redirected = (type: string): Response => {
    const headers = {'content-type': type, 'content-length': `${SIZE}`, etag: '"one"'};
    return Object.defineProperties(new Response(FILE, {headers}), {
      redirected: {value: true},
      url: {value: 'https://cdn.test/other/folder/file'},
    });
  };

  it.each(['text/javascript; charset=utf-8', 'application/javascript', 'text/css'])(
    'is code that was redirected to another folder, beside which its imports are (%s)',
    async (type) => {
      const response = redirected(type);
      host.instead.push(response);
      const fetched = await fetchIt();
      expect(fetched.response).toBe(response);
      expect(fetched.isResumable).toBe(false);
      await response.body?.cancel();
      expect(await caches.keys()).toEqual([]);
    },
  );

  it('is not another redirected file', async () => {
    host.instead.push(redirected('application/wasm'));
    const {response, isResumable} = await fetchIt();
    expect(isResumable).toBe(true);
    expect(await isFile(response)).toBe(true);
  });

  it('is not code that was not redirected', async () => {
    host.headers = {etag: '"one"', 'content-type': 'text/javascript'};
    const {response, isResumable} = await fetchIt();
    expect(isResumable).toBe(true);
    expect(await isFile(response)).toBe(true);
  });

  it('is missing when the host cannot be reached', async () => {
    host.instead.push(new TypeError('Failed to fetch'));
    await expect(fetchIt()).rejects.toThrow('Failed to fetch');
    expect(host.asked).toEqual([null]);
  });
});

describe('a large file', () => {
  it('is complete, with its headers, after one request', async () => {
    const {response, isResumable} = await fetchIt();
    expect(isResumable).toBe(true);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      'content-length': String(SIZE),
      'content-type': 'model/onnx',
      etag: '"one"',
    });
    expect(await isFile(response)).toBe(true);
    expect(host.asked).toEqual([null]);
    expect(host.sent).toBe(SIZE);
  });

  it('is complete after a cut connection', async () => {
    host.cuts.push(10 * UNIT);
    expect(await isFile((await fetchIt()).response)).toBe(true);
    expect(host.asked).toEqual([null, `bytes=${10 * UNIT}-${SIZE - 1}`]);
  });

  it('stays in pieces after an abort, and the next attempt asks only for the rest', async () => {
    await breakOffAt(10 * UNIT);
    expect(await pieces()).toEqual([`0-${PIECE}`, `${PIECE}-${10 * UNIT}`]);
    expect(await caches.has('models')).toBe(true);
    const {response, isResumable} = await fetchIt();
    expect(isResumable).toBe(true);
    expect(await isFile(response)).toBe(true);
    expect(host.asked).toEqual([`bytes=${10 * UNIT}-${SIZE - 1}`]);
    expect(host.sent).toBe(SIZE - 10 * UNIT);
  });

  it('is fetched anew when it was replaced since', async () => {
    await breakOffAt(10 * UNIT);
    host.file = OTHER;
    host.headers = {etag: '"two"'};
    expect(await isFile((await fetchIt()).response, OTHER)).toBe(true);
    expect(host.asked).toEqual([`bytes=${10 * UNIT}-${SIZE - 1}`, null]);
  });

  it('is the answer of a host that no longer has the rest, and nothing of it stays', async () => {
    await breakOffAt(10 * UNIT);
    host.instead.push(new Response('', {status: 410}));
    const {response, isResumable} = await fetchIt();
    expect([response.status, isResumable]).toEqual([410, false]);
    await eventually(async () => expect(await pieces()).toEqual([]));
  });

  it('is the answer of a host that is busy, and what is stored stays', async () => {
    await breakOffAt(10 * UNIT);
    host.instead.push(new Response('', {status: 503}));
    expect((await fetchIt()).response.status).toBe(503);
    expect(await pieces()).toHaveLength(2);
  });
});

describe('why a body failed', () => {
  const failureAfter = async (prepare: () => void) => {
    host.holdAt(10 * UNIT);
    const {response, failure, end} = await fetchIt();
    const drained = drain(response.body);
    await eventually(() => expect(host.sent).toBe(10 * UNIT));
    prepare();
    host.goOn();
    await expect(drained).rejects.toThrow();
    await end('broken-off');
    return failureOf(failure());
  };

  it('is the status of a host that no longer has the rest', async () => {
    const prepare = () => {
      host.cuts.push(10 * UNIT);
      host.instead.push(new Response('', {status: 404}));
    };
    expect(await failureAfter(prepare)).toEqual({reason: 'status', status: 404});
  });

  it('is a network that is gone', async () => {
    const prepare = () => {
      host.cuts.push(10 * UNIT);
      host.instead.push(...Array.from({length: 7}, () => new TypeError('Failed to fetch')));
    };
    expect(await failureAfter(prepare)).toEqual({reason: 'unreachable'});
  });

  it('is a file that was replaced', async () => {
    const prepare = () => {
      host.cuts.push(10 * UNIT);
      host.file = OTHER;
      host.headers = {etag: '"two"'};
    };
    expect(await failureAfter(prepare)).toEqual({reason: 'body-incomplete'});
  });
});

describe('an abort', () => {
  it('closes the connection when no other reader is left, and is the error of the body', async () => {
    host.holdAt(10 * UNIT);
    const {response} = await fetchIt();
    const drained = drain(response.body);
    await eventually(() => expect(host.sent).toBe(10 * UNIT));
    expect(host.open).toBe(1);
    controller.abort(new Error('given up'));
    await expect(drained).rejects.toThrow('given up');
    await eventually(() => expect(host.open).toBe(0));
  });

  it('closes it although nothing was read', async () => {
    host.holdAt(UNIT);
    await fetchIt();
    await eventually(() => expect(host.sent).toBe(UNIT));
    controller.abort();
    await eventually(() => expect(host.open).toBe(0));
  });

  it('leaves it to other readers', async () => {
    host.holdAt(10 * UNIT);
    const {response, end} = await fetchIt();
    const other = await fetchIt(new AbortController());
    const drained = drain(response.body);
    await eventually(() => expect(host.sent).toBe(10 * UNIT));
    controller.abort(new Error('given up'));
    await expect(drained).rejects.toThrow('given up');
    await end('broken-off');
    expect(host.open).toBe(1);
    host.goOn();
    expect(await isFile(other.response)).toBe(true);
    expect(host.asked).toEqual([null]);
  });

  it('closes it also while the facts of the file are being stored', async () => {
    host.holdAt(UNIT);
    const {put} = Cache.prototype;
    vi.spyOn(Cache.prototype, 'put').mockImplementationOnce(function (this: Cache, key, response) {
      controller.abort();
      return put.call(this, key, response);
    });
    await expect(fetchIt()).rejects.toMatchObject({name: 'AbortError'});
    await eventually(() => expect(host.open).toBe(0));
    expect(host.asked).toEqual([null]);
  });

  it('closes it also before the host has answered with the rest', async () => {
    await breakOffAt(10 * UNIT);
    host.holdAt(12 * UNIT);
    const {answer, asked} = host.keepWaiting();
    const fetched = fetchIt();
    await asked;
    controller.abort();
    answer();
    await expect(fetched).rejects.toMatchObject({name: 'AbortError'});
    await eventually(() => expect(host.open).toBe(0));
    expect(host.asked).toEqual([`bytes=${10 * UNIT}-${SIZE - 1}`]);
  });
});

describe('the pieces', () => {
  it('are deleted when the file is stored, and no reader is left', async () => {
    const [first, second] = [await fetchIt(), await fetchIt()];
    expect(await isFile(first.response)).toBe(true);
    await eventually(async () => expect(await pieces()).toHaveLength(2));
    await first.end('stored');
    expect(await pieces()).toHaveLength(2);
    expect(await isFile(second.response)).toBe(true);
    await eventually(async () => expect(await pieces()).toEqual([]));
    expect(host.asked).toEqual([null]);
  });

  it('are deleted at once when the file is wrong, and readers get the rest from the host', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    host.file = new Uint8Array(2 * SIZE);
    const [first, second] = [await fetchIt(), await fetchIt()];
    const slow = second.response.body?.getReader();
    const begun = (await slow?.read())?.value?.byteLength ?? 0;
    expect(await isFile(first.response, host.file)).toBe(true);
    await allStored();
    // Stored pieces stay in memory for a moment, for readers that are close behind them.
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    await first.end('wrong');
    expect(await pieces()).toEqual([]);
    let read = begun;
    for (let next = await slow?.read(); next?.value; next = await slow?.read()) {
      read += next.value.byteLength;
    }
    expect(read).toBe(2 * SIZE);
    expect(await pieces()).toEqual([]);
    host.file = FILE;
    expect(await isFile((await fetchIt()).response)).toBe(true);
    expect(host.asked).toEqual([null, expect.stringMatching(`-${2 * SIZE - 1}$`), null]);
  });

  it('stay when the file could not be stored, and are not fetched again', async () => {
    const first = await fetchIt();
    expect(await isFile(first.response)).toBe(true);
    await first.end('broken-off');
    expect(await isFile((await fetchIt()).response)).toBe(true);
    await eventually(async () => expect(await pieces()).toHaveLength(2));
    expect(host.asked).toEqual([null]);
  });
});

describe('a page that requests the file meanwhile', () => {
  /** Answers as the strategy does. */
  const answerToPage = (): Promise<Response> => {
    const event = new ExtendableEvent('fetch');
    const strategy = new ResumableCacheFirst({cacheName: 'models', ...SIZES}, worker);
    const [response, done] = strategy.handleAll({event, request: new Request(url)});
    behind.push(done);
    return response;
  };

  /** Counts the puts of the file's entry. */
  const puts = (): number =>
    vi
      .mocked(Cache.prototype.put)
      .mock.calls.filter(([key]) => (key instanceof Request ? key.url : key) === url).length;

  beforeEach(() => {
    vi.spyOn(Cache.prototype, 'put');
  });

  const storeIt = async ({response, end}: Fetched): Promise<void> => {
    await (await caches.open('models')).put(url, response);
    await end('stored');
  };

  it('reads along, and stores nothing by itself', async () => {
    const fetched = await fetchIt();
    const page = await answerToPage();
    expect(await isFile(page)).toBe(true);
    await storeIt(fetched);
    await Promise.all(behind);
    expect(await isFile(await stored())).toBe(true);
    expect(puts()).toBe(1);
    expect(host.asked).toEqual([null]);
    await eventually(async () => expect(await pieces()).toEqual([]));
  });

  it('reads along also when it asked first', async () => {
    host.holdAt(UNIT);
    const page = isFile(await answerToPage());
    const fetched = await fetchIt();
    host.goOn();
    await storeIt(fetched);
    expect(await page).toBe(true);
    await Promise.all(behind);
    expect(await isFile(await stored())).toBe(true);
    expect(puts()).toBe(1);
    expect(host.asked).toEqual([null]);
  });

  it('stores the file when the other one is aborted on the way', async () => {
    host.holdAt(10 * UNIT);
    const {response, end} = await fetchIt();
    const drained = drain(response.body).catch(() => undefined);
    const page = isFile(await answerToPage());
    await eventually(() => expect(host.sent).toBe(10 * UNIT));
    controller.abort();
    await drained;
    await end('broken-off');
    host.goOn();
    expect(await page).toBe(true);
    await Promise.all(behind);
    expect(await isFile(await stored())).toBe(true);
    expect(puts()).toBe(1);
    expect(host.asked).toEqual([null]);
  });

  it('stores the file when the other one fails at the end', async () => {
    const {response, end} = await fetchIt();
    expect(await isFile(response)).toBe(true);
    await end('broken-off');
    expect(await isFile(await answerToPage())).toBe(true);
    await Promise.all(behind);
    expect(await isFile(await stored())).toBe(true);
    expect(puts()).toBe(1);
    expect(host.asked).toEqual([null]);
  });
});
