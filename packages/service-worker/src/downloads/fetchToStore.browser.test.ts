import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {type Fetched, fetchToStore} from './fetchToStore.ts';
import {ResumableCacheFirst} from './index.ts';
import {drain, Host} from './testing/Host.ts';
import {UpstreamFailure} from './Upstream.ts';

// How long pauses are is tested beside it.
vi.mock('./pauseBefore.ts', () => ({
  pauseBefore: async (_attempt: number, _error: unknown, signal: AbortSignal) => signal.throwIfAborted(),
}));

const MIB = 1024 * 1024;
const SIZE = 16 * MIB;
const PIECE = 8 * MIB;

/** Bytes that tell where they are, and of which file. */
const fileOf = (seed: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new Uint32Array(SIZE / 4).map((_, word) => word * 31 + seed).buffer);

const FILE = fileOf(0);
const OTHER = fileOf(7);

let url: string;
let host: Host;
let controller: AbortController;
/** What pages' requests leave to be done behind their answers. */
let behind: Promise<unknown>[];
let files = 0;

beforeEach(() => {
  // What is on its way is kept in the module, by key.
  files += 1;
  url = `https://a.test/${files}/model.onnx`;
  host = new Host(FILE, MIB);
  controller = new AbortController();
  behind = [];
  vi.stubGlobal('fetch', host.fetch);
});

afterEach(async () => {
  host.goOn();
  vi.restoreAllMocks();
  await Promise.allSettled(behind);
  vi.unstubAllGlobals();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

/** Fetches the file, to be stored in a release's cache. */
const fetchIt = ({signal} = controller): Promise<Fetched> =>
  fetchToStore({key: url, request: new Request(url), home: 'models', mayBeStored: () => true}, signal);

/** Whether bytes are the same, however many there are. */
const isSame = (bytes: Uint8Array<ArrayBuffer>, others: Uint8Array<ArrayBuffer>): boolean =>
  indexedDB.cmp(bytes, others) === 0;

const isFile = async (response: Response | undefined, file = FILE): Promise<boolean> =>
  isSame(await drain(response?.body), file);

/** The bounds of the pieces that are there, whichever was stored first. */
const pieces = async (): Promise<string[]> => {
  const cacheName = `holdfast-large-files models ${url}`;
  const keys = (await caches.has(cacheName)) ? await (await caches.open(cacheName)).keys() : [];
  return keys
    .map((key) => new URL(key.url).pathname.slice(1))
    .filter(Boolean)
    .sort();
};

const stored = (): Promise<Response | undefined> => caches.match(url, {cacheName: 'models'});

/** Has so much of the file come, and no more. */
const breakOffAt = async (bytes: number): Promise<void> => {
  host.holdAt(bytes);
  const {response, end} = await fetchIt();
  const drained = drain(response.body).catch(() => undefined);
  await vi.waitFor(() => expect(host.sent).toBe(bytes));
  controller.abort();
  await drained;
  await end('broken-off');
  host.goOn();
  await vi.waitFor(async () => expect(await pieces()).toHaveLength(Math.ceil(bytes / PIECE)));
  controller = new AbortController();
  host.asked.length = 0;
  host.sent = 0;
};

describe('an answer that is of no large file', () => {
  it.each([
    ['a small file', () => new Response('small', {headers: {'content-length': '5', etag: '"one"'}})],
    ['an error', () => new Response('not here', {status: 404})],
    [
      'an error with a long text',
      () => new Response('not here', {status: 404, headers: {'content-length': `${SIZE}`, etag: '"one"'}}),
    ],
    ['a file whose size is not told', () => new Response(FILE)],
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

  it('is that of a file of less than 16 MiB', async () => {
    host.file = FILE.subarray(1);
    const {response, isResumable} = await fetchIt();
    expect(isResumable).toBe(false);
    expect(await isFile(response, host.file)).toBe(true);
    expect(await caches.keys()).toEqual([]);
  });

  /** It is as large as it says. */
  const redirected = (type: string): Response => {
    const headers = {'content-type': type, 'content-length': `${SIZE}`, etag: '"one"'};
    return Object.defineProperty(new Response(FILE, {headers}), 'redirected', {value: true});
  };

  it.each(['text/javascript; charset=utf-8', 'application/javascript', 'text/css'])(
    'is that of redirected code, which counts on its last URL (%s)',
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

  it('is not that of another redirected file', async () => {
    host.instead.push(redirected('application/wasm'));
    const {response, isResumable} = await fetchIt();
    expect(isResumable).toBe(true);
    expect(await isFile(response)).toBe(true);
  });

  it('is not that of code that was not redirected', async () => {
    host.headers = {etag: '"one"', 'content-type': 'text/javascript'};
    const {response, isResumable} = await fetchIt();
    expect(isResumable).toBe(true);
    expect(await isFile(response)).toBe(true);
  });

  it('is nothing where the host cannot be reached', async () => {
    host.instead.push(new TypeError('Failed to fetch'));
    await expect(fetchIt()).rejects.toThrow('Failed to fetch');
    expect(host.asked).toEqual([null]);
  });
});

describe('a large file', () => {
  it('comes whole, with its headers, by one request', async () => {
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

  it('comes whole over a connection that is cut', async () => {
    host.cuts.push(10 * MIB);
    expect(await isFile((await fetchIt()).response)).toBe(true);
    expect(host.asked).toEqual([null, `bytes=${10 * MIB}-${SIZE - 1}`]);
  });

  it('is in pieces when it is broken off, and the next attempt asks only for the rest', async () => {
    await breakOffAt(10 * MIB);
    expect(await pieces()).toEqual([`0-${PIECE}`, `${PIECE}-${10 * MIB}`]);
    expect(await caches.has('models')).toBe(true);
    const {response, isResumable} = await fetchIt();
    expect(isResumable).toBe(true);
    expect(await isFile(response)).toBe(true);
    expect(host.asked).toEqual([`bytes=${10 * MIB}-${SIZE - 1}`]);
    expect(host.sent).toBe(SIZE - 10 * MIB);
  });

  it('begins anew when it was replaced by another one since', async () => {
    await breakOffAt(10 * MIB);
    host.file = OTHER;
    host.headers = {etag: '"two"'};
    expect(await isFile((await fetchIt()).response, OTHER)).toBe(true);
    expect(host.asked).toEqual([`bytes=${10 * MIB}-${SIZE - 1}`, null]);
  });

  it('fails where the host does not have the rest any more, and what is there stays', async () => {
    await breakOffAt(10 * MIB);
    host.instead.push(new Response('', {status: 404}));
    const failure = fetchIt();
    await expect(failure).rejects.toBeInstanceOf(UpstreamFailure);
    await expect(failure).rejects.toMatchObject({status: 404});
    expect(await pieces()).toHaveLength(2);
  });
});

describe('who gives it up', () => {
  it('ends the connection when nobody else reads, and hears why', async () => {
    host.holdAt(10 * MIB);
    const {response} = await fetchIt();
    const drained = drain(response.body);
    await vi.waitFor(() => expect(host.sent).toBe(10 * MIB));
    expect(host.open).toBe(1);
    controller.abort(new Error('given up'));
    await expect(drained).rejects.toThrow('given up');
    await vi.waitFor(() => expect(host.open).toBe(0));
  });

  it('ends it although nothing of it was read', async () => {
    host.holdAt(MIB);
    await fetchIt();
    await vi.waitFor(() => expect(host.sent).toBe(MIB));
    controller.abort();
    await vi.waitFor(() => expect(host.open).toBe(0));
  });

  it('leaves it to those who read it, too', async () => {
    host.holdAt(10 * MIB);
    const {response, end} = await fetchIt();
    const other = await fetchIt(new AbortController());
    const drained = drain(response.body);
    await vi.waitFor(() => expect(host.sent).toBe(10 * MIB));
    controller.abort(new Error('given up'));
    await expect(drained).rejects.toThrow('given up');
    await end('broken-off');
    expect(host.open).toBe(1);
    host.goOn();
    expect(await isFile(other.response)).toBe(true);
    expect(host.asked).toEqual([null]);
  });

  it('ends it also while the file is just being described', async () => {
    host.holdAt(MIB);
    const {put} = Cache.prototype;
    vi.spyOn(Cache.prototype, 'put').mockImplementationOnce(function (this: Cache, key, response) {
      controller.abort();
      return put.call(this, key, response);
    });
    await expect(fetchIt()).rejects.toMatchObject({name: 'AbortError'});
    await vi.waitFor(() => expect(host.open).toBe(0));
    expect(host.asked).toEqual([null]);
  });

  it('ends it also while the host has not answered with the rest', async () => {
    await breakOffAt(10 * MIB);
    host.holdAt(12 * MIB);
    const {answer, asked} = host.keepWaiting();
    const fetched = fetchIt();
    await asked;
    controller.abort();
    answer();
    await expect(fetched).rejects.toMatchObject({name: 'AbortError'});
    await vi.waitFor(() => expect(host.open).toBe(0));
    expect(host.asked).toEqual([`bytes=${10 * MIB}-${SIZE - 1}`]);
  });
});

describe('what has been fetched', () => {
  it('goes when it is stored, and nobody reads it any more', async () => {
    const [first, second] = [await fetchIt(), await fetchIt()];
    expect(await isFile(first.response)).toBe(true);
    await vi.waitFor(async () => expect(await pieces()).toHaveLength(2));
    await first.end('stored');
    expect(await pieces()).toHaveLength(2);
    expect(await isFile(second.response)).toBe(true);
    await vi.waitFor(async () => expect(await pieces()).toEqual([]));
    expect(host.asked).toEqual([null]);
  });

  it('goes at once when it is wrong, and those who read it get the rest from the host', async () => {
    // So large that its first piece is not in memory any more when its last one comes.
    host.file = new Uint8Array(2 * SIZE);
    const [first, second] = [await fetchIt(), await fetchIt()];
    const slow = second.response.body?.getReader();
    const begun = (await slow?.read())?.value?.byteLength ?? 0;
    expect(await isFile(first.response, host.file)).toBe(true);
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

  it('stays when it could not be stored, and is not fetched again', async () => {
    const first = await fetchIt();
    expect(await isFile(first.response)).toBe(true);
    await first.end('broken-off');
    expect(await isFile((await fetchIt()).response)).toBe(true);
    await vi.waitFor(async () => expect(await pieces()).toHaveLength(2));
    expect(host.asked).toEqual([null]);
  });
});

describe('a page that asks for it meanwhile', () => {
  /** The strategy's answer; what it leaves to be done is among what is {@link behind}. */
  const answerToPage = (): Promise<Response> => {
    const event = new ExtendableEvent('fetch');
    const strategy = new ResumableCacheFirst({cacheName: 'models'});
    const [response, done] = strategy.handleAll({event, request: new Request(url)});
    behind.push(done);
    return response;
  };

  /** The entries that have been put under the file's key. */
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

  it('reads along, and leaves it to be stored once', async () => {
    const fetched = await fetchIt();
    const page = await answerToPage();
    expect(await isFile(page)).toBe(true);
    await storeIt(fetched);
    await Promise.all(behind);
    expect(await isFile(await stored())).toBe(true);
    expect(puts()).toBe(1);
    expect(host.asked).toEqual([null]);
    await vi.waitFor(async () => expect(await pieces()).toEqual([]));
  });

  it('reads along when it has asked first, too', async () => {
    host.holdAt(MIB);
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

  it('stores it by itself when that was broken off on the way', async () => {
    host.holdAt(10 * MIB);
    const {response, end} = await fetchIt();
    const drained = drain(response.body).catch(() => undefined);
    const page = isFile(await answerToPage());
    await vi.waitFor(() => expect(host.sent).toBe(10 * MIB));
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

  it('stores it by itself when that was broken off at the end', async () => {
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
