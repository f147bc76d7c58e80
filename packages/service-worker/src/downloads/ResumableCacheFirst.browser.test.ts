import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {registerQuotaErrorCallback} from 'workbox-core/registerQuotaErrorCallback.js';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {EVENT_CHANNEL} from '../messages/protocol.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {FileDownloads} from './FileDownloads.ts';
import {ResumableCacheFirst, type ResumableCacheFirstOptions} from './index.ts';
import {entryOf} from './testing/entryOf.ts';
import {eventually} from './testing/eventually.ts';
import {bytesOf, drain, Host} from './testing/Host.ts';

const pauses = vi.hoisted(() => [] as number[]);

vi.mock('../timing/pauseBefore.ts', () => ({
  pauseBefore: async (attempts: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    pauses.push(attempts);
  },
}));

const PIECE = 65_536;
const SIZE = 3 * PIECE + 1000;
const FILE = bytesOf(SIZE);
const OTHER = bytesOf(SIZE, 7);
const CHUNK = 16_384;

/** One for all tests, so that none deletes the pieces of another one as leftovers. */
const worker = new WorkerState();

let url: string;
let host: Host;
/** What is done behind the answers. */
let behind: Promise<unknown>[];
let files = 0;

beforeEach(() => {
  files += 1;
  url = `https://a.test/${files}/model.onnx`;
  host = new Host(FILE, CHUNK);
  behind = [];
  pauses.length = 0;
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

const strategyWith = (options: ResumableCacheFirstOptions = {}): ResumableCacheFirst =>
  new ResumableCacheFirst({cacheName: 'models', minBytes: 100_000, pieceBytes: PIECE, ...options}, worker);

const requestFor = (headers: Record<string, string> = {}, target = url): Request =>
  new Request(target, {headers});

const answerTo = (request = requestFor(), strategy = strategyWith()): Promise<Response> => {
  const [response, done] = strategy.handleAll({event: new ExtendableEvent('fetch'), request});
  done.catch(() => undefined);
  behind.push(done);
  return response;
};

const bytesIn = (response: Response | undefined): Promise<Uint8Array> => drain(response?.body);

/** What the page gets. Resolves when everything behind it is done. */
const bytesOfAnswer = async (request = requestFor(), strategy = strategyWith()): Promise<Uint8Array> => {
  const bytes = await bytesIn(await answerTo(request, strategy));
  await Promise.allSettled(behind);
  return bytes;
};

const range = (start: number, end: number): Record<string, string> => ({range: `bytes=${start}-${end - 1}`});

const stored = async (): Promise<Response | undefined> =>
  (await caches.open('models')).match(url, {ignoreVary: true});

const piecesName = (): string => `holdfast-pieces models ${url}`;

/** The bounds of the stored pieces. */
const pieces = async (): Promise<string[]> =>
  (await caches.has(piecesName()))
    ? (await (await caches.open(piecesName())).keys())
        .map((key) => new URL(key.url).pathname.slice(1))
        .filter(Boolean)
    : [];

/** Storage takes what describes a file, and none of its bytes. */
const refusePieces = (): void => {
  const {put} = Cache.prototype;
  vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, key, response) {
    if (String(key).endsWith('/')) {
      return put.call(this, key, response);
    }
    await response.body?.cancel();
    throw new DOMException('full', 'QuotaExceededError');
  });
};

/** Reads so many bytes, and leaves. */
const leaveAfter = async (count: number, strategy = strategyWith()): Promise<void> => {
  const reader = (await answerTo(requestFor(), strategy)).body?.getReader();
  for (let bytes = 0; bytes < count; ) {
    bytes += (await reader?.read())?.value?.byteLength ?? Number.POSITIVE_INFINITY;
  }
  await reader?.cancel();
  await Promise.allSettled(behind);
  host.asked.length = 0;
  host.sent = 0;
};

describe('a file whose URL holds a secret, which no plugin removes,', () => {
  it('has neither names of caches nor events that hold it, and resumes', async () => {
    const secret = `${url}?token=5ec1e75ec1e75ec1e7`;
    const events: unknown[] = [];
    const channel = new BroadcastChannel(EVENT_CHANNEL);
    channel.onmessage = ({data}) => events.push(data);
    const reader = (await answerTo(requestFor({}, secret))).body?.getReader();
    for (let bytes = 0; bytes < 2 * PIECE; ) {
      bytes += (await reader?.read())?.value?.byteLength ?? Number.POSITIVE_INFINITY;
    }
    await reader?.cancel();
    await Promise.allSettled(behind);
    expect((await caches.keys()).join()).toContain(url);
    expect((await caches.keys()).join()).not.toContain('5ec1e7');
    host.asked.length = 0;
    expect(await bytesOfAnswer(requestFor({}, secret))).toEqual(FILE);
    expect(host.asked).toEqual([expect.stringContaining('bytes=')]);
    // Another one is another file.
    host.asked.length = 0;
    expect(await bytesOfAnswer(requestFor({}, `${url}?token=5ec1e75ec1e75ec1e8`))).toEqual(FILE);
    expect(host.asked).toEqual([null]);
    await vi.waitFor(() => expect(JSON.stringify(events)).toContain('"done"'));
    expect(JSON.stringify(events)).not.toContain('5ec1e7');
    channel.close();
  });
});

describe('a large file', () => {
  it('becomes an entry in a browser that estimates no storage', async () => {
    vi.spyOn(navigator, 'storage', 'get').mockReturnValue(undefined as unknown as StorageManager);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesIn(await stored())).toEqual(FILE);
    expect(await pieces()).toEqual([]);
  });

  it('comes from the network where the cache cannot be searched, or what it has cannot be read', async () => {
    vi.spyOn(CacheStorage.prototype, 'match').mockRejectedValueOnce(new DOMException('', 'UnknownError'));
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await stored()).toBeDefined();
    vi.spyOn(Response.prototype, 'blob').mockRejectedValueOnce(new DOMException('', 'NotReadableError'));
    expect(await bytesOfAnswer(requestFor(range(10, 20)))).toEqual(FILE.slice(10, 20));
  });

  it('takes one request, and becomes one ordinary entry', async () => {
    const answer = await answerTo();
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toEqual({
      'accept-ranges': 'bytes',
      'content-length': String(SIZE),
      'content-type': 'model/onnx',
      etag: '"one"',
    });
    expect(await bytesIn(answer)).toEqual(FILE);
    await Promise.all(behind);
    expect(host.asked).toEqual([null]);
    const entry = await stored();
    expect(entry?.status).toBe(200);
    expect(entry?.headers.get('content-type')).toBe('model/onnx');
    expect(await bytesIn(entry)).toEqual(FILE);
    expect(await caches.keys()).toEqual(['models']);
  });

  it('is answered without the network when it is stored', async () => {
    await bytesOfAnswer();
    host.instead.push(new TypeError('Failed to fetch'));
    const answer = await answerTo();
    expect(answer.status).toBe(200);
    expect(await bytesIn(answer)).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
  });

  it('streams from its first byte on', async () => {
    host.holdAt(CHUNK);
    const reader = (await answerTo()).body?.getReader();
    expect((await reader?.read())?.value).toEqual(FILE.slice(0, CHUNK));
    expect(await pieces()).toEqual([]);
    host.goOn();
    await reader?.cancel();
  });

  it('is stored while a page reads it slowly', async () => {
    const reader = (await answerTo()).body?.getReader();
    await reader?.read();
    await eventually(async () => expect(await pieces()).toHaveLength(4));
    let bytes = CHUNK;
    while (bytes < SIZE) {
      bytes += (await reader?.read())?.value?.byteLength ?? Number.POSITIVE_INFINITY;
    }
    expect(bytes).toBe(SIZE);
    await reader?.read();
    await Promise.all(behind);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('is put together once for several requests', async () => {
    const put = vi.spyOn(Cache.prototype, 'put');
    const [first, second] = await Promise.all([answerTo(), answerTo()]);
    expect(await Promise.all([bytesIn(first), bytesIn(second)])).toEqual([FILE, FILE]);
    await Promise.all(behind);
    const keys = put.mock.calls.map(([key]) => (key instanceof Request ? key.url : String(key)));
    expect(keys.filter((key) => key === url)).toHaveLength(1);
  });

  it('can be read while it is put together, after all earlier readers have left', async () => {
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const {put} = Cache.prototype;
    const begun = vi.fn();
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, key, response) {
      if (key instanceof Request && key.url === url) {
        begun();
        await held;
      }
      return put.call(this, key, response);
    });
    const slow = (await answerTo()).body?.getReader();
    await slow?.read();
    await eventually(async () => expect(await pieces()).toHaveLength(4));
    await slow?.cancel();
    await eventually(() => expect(begun).toHaveBeenCalled());
    const late = (await answerTo()).body?.getReader();
    let bytes = (await late?.read())?.value?.byteLength ?? 0;
    goOn();
    await eventually(async () => expect(await stored()).toBeDefined());
    for (let next = await late?.read(); next?.value; next = await late?.read()) {
      bytes += next.value.byteLength;
    }
    expect(bytes).toBe(SIZE);
    await Promise.all(behind);
    expect(host.asked).toHaveLength(1);
    expect(await caches.keys()).toEqual(['models']);
  });

  it('stays in pieces where there is no room for both, and is read from them', async () => {
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({quota: 2 * SIZE, usage: SIZE + 1});
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await stored()).toBeUndefined();
    expect(await pieces()).toHaveLength(4);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesOfAnswer(requestFor(range(70_000, 70_100)))).toEqual(FILE.slice(70_000, 70_100));
    expect(host.asked).toEqual([null]);
  });

  it('keeps its other pieces when one was damaged, and the host is gone', async () => {
    vi.useFakeTimers({toFake: ['setTimeout']});
    const reader = (await answerTo()).body?.getReader();
    await reader?.read();
    await eventually(async () => expect(await pieces()).toHaveLength(4));
    const damaged = entryOf(PIECE, 2 * PIECE);
    await (await caches.open(piecesName())).put(damaged, new Response('damaged'));
    host.instead.push(...Array.from({length: 8}, () => new TypeError('Failed to fetch')));
    await vi.advanceTimersByTimeAsync(3000);
    await eventually(() => expect(host.instead).toHaveLength(1));
    await reader?.cancel();
    await Promise.allSettled(behind);
    expect(await pieces()).toHaveLength(3);
    host.instead.length = 0;

    vi.useRealTimers();
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked.at(-1)).toBe(`bytes=${PIECE}-${2 * PIECE - 1}`);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('stays in pieces when storage refuses the entry, and the page has its bytes', async () => {
    const {put} = Cache.prototype;
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, key, response) {
      if (key instanceof Request && key.url === url) {
        await response.body?.cancel();
        throw new DOMException('full', 'QuotaExceededError');
      }
      return put.call(this, key, response);
    });
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await pieces()).toHaveLength(4);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
  });

  it('that found no room is stored with a later request, when there is some', async () => {
    const put = vi.spyOn(Cache.prototype, 'put').mockImplementation(async (_key, response) => {
      await response.body?.cancel();
      throw new DOMException('full', 'QuotaExceededError');
    });
    host.cuts.push(PIECE);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked).toEqual([null, `bytes=${PIECE}-${SIZE - 1}`]);
    put.mockRestore();
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('of which some pieces found room resumes from them when there is more', async () => {
    const {put} = Cache.prototype;
    let isFull = false;
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, key, response) {
      if (isFull) {
        await response.body?.cancel();
        throw new DOMException('full', 'QuotaExceededError');
      }
      return put.call(this, key, response);
    });
    host.holdAt(PIECE + CHUNK);
    const reading = bytesIn(await answerTo());
    await eventually(async () => expect(await pieces()).toHaveLength(1));
    isFull = true;
    host.goOn();
    expect(await reading).toEqual(FILE);
    await Promise.allSettled(behind);
    isFull = false;
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('is at least as large as the option says', async () => {
    await bytesOfAnswer(requestFor(), strategyWith({minBytes: SIZE + 1}));
    expect(await caches.keys()).toEqual(['models']);
    url += '?again';
    host.holdAt(CHUNK);
    const reader = (await answerTo(requestFor(), strategyWith({minBytes: SIZE}))).body?.getReader();
    await reader?.read();
    expect(await caches.has(piecesName())).toBe(true);
    host.goOn();
    await reader?.cancel();
  });
});

describe('two requests at once', () => {
  it('are one download also when the file becomes an entry before the second one is sent', async () => {
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const requestWillFetch = async ({request}: {request: Request}) => {
      await held;
      return request;
    };
    const late = answerTo(requestFor(), strategyWith({plugins: [{requestWillFetch}]}));
    const first = await answerTo();
    expect(await bytesIn(first)).toEqual(FILE);
    await eventually(async () => expect(await stored()).toBeDefined());
    goOn();
    expect(await bytesIn(await late)).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
  });

  it('share one download, and each gets all bytes', async () => {
    const [first, second] = await Promise.all([answerTo(), answerTo()]);
    expect(await Promise.all([bytesIn(first), bytesIn(second)])).toEqual([FILE, FILE]);
    await Promise.all(behind);
    expect(host.asked).toHaveLength(1);
    expect(host.sent).toBe(SIZE);
  });

  it('share one download in the middle of a piece', async () => {
    host.holdAt(PIECE + CHUNK);
    const first = bytesIn(await answerTo());
    await eventually(() => expect(host.sent).toBe(PIECE + CHUNK));
    const second = answerTo();
    host.goOn();
    expect(await Promise.all([first, bytesIn(await second)])).toEqual([FILE, FILE]);
    await Promise.all(behind);
    expect(host.asked).toHaveLength(1);
  });

  it('share what they resume', async () => {
    await leaveAfter(PIECE + CHUNK);
    const [first, second] = await Promise.all([answerTo(), answerTo()]);
    expect(await Promise.all([bytesIn(first), bytesIn(second)])).toEqual([FILE, FILE]);
    await Promise.all(behind);
    expect(host.asked).toHaveLength(1);
  });

  it('for the same range share its bytes', async () => {
    await leaveAfter(PIECE + CHUNK);
    const wanted = requestFor(range(150_000, 150_100));
    const answers = await Promise.all([answerTo(wanted.clone()), answerTo(wanted.clone())]);
    const part = FILE.slice(150_000, 150_100);
    expect(await Promise.all(answers.map(bytesIn))).toEqual([part, part]);
    expect(host.asked).toHaveLength(1);
  });

  it('may be handled by two strategies', async () => {
    const [first, second] = await Promise.all([
      answerTo(requestFor(), strategyWith()),
      answerTo(requestFor(), strategyWith()),
    ]);
    await Promise.all([bytesIn(first), bytesIn(second)]);
    expect(host.asked).toHaveLength(1);
  });

  it('continue for the one that stays', async () => {
    host.holdAt(CHUNK);
    const [first, second] = await Promise.all([answerTo(), answerTo()]);
    await first.body?.cancel();
    host.goOn();
    expect(await bytesIn(second)).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
  });

  it('continue for the second when the first leaves before the host has answered the second', async () => {
    const reader = (await answerTo(requestFor(range(0, 100_000)))).body?.getReader();
    await reader?.read();
    const {answer, asked} = host.keepWaiting();
    const second = answerTo(requestFor(range(150_000, 150_100)));
    await asked;
    await reader?.cancel();
    answer();
    expect(await bytesIn(await second)).toEqual(FILE.slice(150_000, 150_100));
  });

  it('both fail when the network is gone', async () => {
    host.instead.push(new TypeError('Failed to fetch'), new TypeError('Failed to fetch'));
    const answers = await Promise.allSettled([answerTo(), answerTo()]);
    expect(answers.map(({status}) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('an interrupted download', () => {
  it('resumes from what is stored', async () => {
    host.holdAt(2 * PIECE + CHUNK);
    await leaveAfter(2 * PIECE + CHUNK);
    host.goOn();
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked).toEqual([`bytes=${2 * PIECE + CHUNK}-${SIZE - 1}`]);
    expect(host.sent).toBe(SIZE - 2 * PIECE - CHUNK);
    expect(await bytesIn(await stored())).toEqual(FILE);
    expect(await caches.keys()).toEqual(['models']);
  });

  it('is fetched anew when the file was replaced, before the page gets a byte', async () => {
    host.holdAt(2 * PIECE);
    await leaveAfter(2 * PIECE);
    host.goOn();
    host.file = OTHER;
    host.headers = {etag: '"two"'};
    const answer = await answerTo();
    expect(answer.headers.get('etag')).toBe('"two"');
    expect(await bytesIn(answer)).toEqual(OTHER);
    await Promise.all(behind);
    expect(await bytesIn(await stored())).toEqual(OTHER);
  });

  it.each([
    ['a weak ETag', {etag: 'W/"one"'}],
    ['no ETag', {}],
  ])('is fetched anew for a file with %s', async (_name, headers) => {
    host.headers = headers as Record<string, string>;
    host.holdAt(2 * PIECE);
    await leaveAfter(2 * PIECE);
    host.goOn();
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked).toEqual([null]);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('resumes by the hash in the URL, whatever the ETag', async () => {
    host.url = `https://cdn.test/${'a5e6b2c4'.repeat(8)}?signature=one`;
    host.holdAt(2 * PIECE);
    await leaveAfter(2 * PIECE);
    host.goOn();
    host.url = `https://cdn.test/${'a5e6b2c4'.repeat(8)}?signature=two`;
    host.headers = {etag: '"of another server"'};
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.sent).toBe(SIZE - 2 * PIECE);
  });

  it('takes the whole file from a host without ranges, and stores each byte once', async () => {
    host.takesRanges = false;
    host.holdAt(2 * PIECE);
    await leaveAfter(2 * PIECE);
    host.goOn();
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('fails at once when the network is gone, and what is stored stays', async () => {
    host.holdAt(2 * PIECE);
    await leaveAfter(2 * PIECE);
    host.goOn();
    host.instead.push(new TypeError('Failed to fetch'));
    await expect(answerTo()).rejects.toThrow('Failed to fetch');
    expect(pauses).toEqual([]);
    expect(await pieces()).toHaveLength(2);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.sent).toBe(SIZE - 2 * PIECE);
  });
});

describe('a request after an interruption', () => {
  const as = (token: string | undefined): Request =>
    requestFor(token === undefined ? {} : {authorization: `Bearer ${token}`});

  /** Answers like a host that knows one token, and records those that it is shown. */
  const onlyFor = (token: string): (string | null)[] => {
    const shown: (string | null)[] = [];
    vi.stubGlobal('fetch', async (request: Request, init?: RequestInit) => {
      const authorization = request.headers.get('authorization');
      shown.push(authorization);
      return authorization === `Bearer ${token}`
        ? host.fetch(request, init)
        : new Response('no', {status: authorization === null ? 401 : 403});
    });
    return shown;
  };

  it('shows the host its own token, and gets its answer', async () => {
    const shown = onlyFor('new');
    host.holdAt(PIECE + CHUNK);
    const reader = (await answerTo(as('new'))).body?.getReader();
    await eventually(() => expect(host.sent).toBe(PIECE + CHUNK));
    await reader?.cancel();
    await Promise.allSettled(behind);
    host.goOn();
    shown.length = 0;
    host.asked.length = 0;
    expect((await answerTo(as('expired'))).status).toBe(403);
    expect((await answerTo(as(undefined))).status).toBe(401);
    expect(shown.at(-1)).toBeNull();
    expect(await bytesOfAnswer(as('new'))).toEqual(FILE);
    expect(shown.at(-1)).toBe('Bearer new');
    expect(host.asked).toEqual([`bytes=${PIECE + CHUNK}-${SIZE - 1}`]);
  });

  it('gets its own answer also while another one reads the file', async () => {
    onlyFor('a');
    host.holdAt(CHUNK);
    const first = await answerTo(as('a'));
    await eventually(() => expect(host.sent).toBe(CHUNK));
    expect((await answerTo(as('b'))).status).toBe(403);
    expect((await answerTo(as(undefined))).status).toBe(401);
    host.goOn();
    expect(await bytesIn(first)).toEqual(FILE);
  });

  it('continues by itself where the one that fetches is refused', async () => {
    let valid = 'a';
    vi.stubGlobal('fetch', async (request: Request, init?: RequestInit) =>
      request.headers.get('authorization') === `Bearer ${valid}`
        ? host.fetch(request, init)
        : new Response('expired', {status: 401}),
    );
    host.holdAt(PIECE);
    host.cuts.push(PIECE);
    const first = bytesIn(await answerTo(as('a')));
    first.catch(() => undefined);
    await eventually(() => expect(host.sent).toBe(PIECE));
    valid = 'b';
    const second = bytesIn(await answerTo(as('b')));
    host.goOn();
    expect(await second).toEqual(FILE);
  });

  it('that says what it has leaves no trace', async () => {
    await leaveAfter(PIECE + CHUNK);
    host.instead.push(new Response(null, {status: 304}));
    expect((await answerTo(requestFor({'if-none-match': '"one"'}))).status).toBe(304);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.sent).toBeLessThan(SIZE - PIECE);
  });

  it.each([401, 404, 410, 429, 503])('gets the answer of the host: %i', async (status) => {
    await leaveAfter(PIECE + CHUNK);
    const body = `no: ${status}`;
    host.instead.push(new Response(body, {status, headers: {'retry-after': '7'}}));
    const answer = await answerTo();
    expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([
      status,
      '7',
      body,
    ]);
    await Promise.allSettled(behind);
    await eventually(async () => expect(await pieces()).toHaveLength(status === 410 ? 0 : 2));
    expect(await bytesOfAnswer()).toEqual(FILE);
  });

  it.each([
    ['an error of the network', () => new TypeError('Failed to fetch')],
    ['a status', () => new Response('no', {status: 400})],
    ['an answer without a range', () => new Response(FILE.slice(5), {status: 206})],
  ])('gets the file from a host that answers no ranges: %s', async (_name, insteadOfRanges) => {
    await leaveAfter(PIECE + CHUNK);
    host.insteadOfRanges = insteadOfRanges;
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });
});

describe('what the host says about storing', () => {
  const as = (token: string): Request => requestFor({authorization: `Bearer ${token}`});

  it.each(['no-store', 'private, no-store', 'No-Store'])('is obeyed: %s', async (cacheControl) => {
    host.headers = {...host.headers, 'cache-control': cacheControl};
    expect(await bytesOfAnswer()).toEqual(FILE);
    host.file = FILE.slice(0, 1000);
    expect(await bytesOfAnswer()).toEqual(host.file);
    expect(await pieces()).toEqual([]);
    expect(await stored()).toBeUndefined();
  });

  /** Compares without a list of all differences, which would take minutes. */
  const isSame = (bytes: Uint8Array, others: Uint8Array): boolean => indexedDB.cmp(bytes, others) === 0;

  it('keeps the file of one account from another', async () => {
    host.headers = {...host.headers, vary: 'Origin, Authorization'};
    expect(isSame(await bytesOfAnswer(as('a')), FILE)).toBe(true);
    const asked = host.asked.length;
    expect(isSame(await bytesOfAnswer(as('a')), FILE)).toBe(true);
    expect(host.asked).toHaveLength(asked);
    host.file = OTHER;
    expect(isSame(await bytesOfAnswer(as('b')), OTHER)).toBe(true);
    host.file = FILE;
    expect(isSame(await bytesOfAnswer(), FILE)).toBe(true);
  });

  it('keeps the pieces of one account from another', async () => {
    host.headers = {...host.headers, vary: 'Authorization'};
    host.holdAt(PIECE + CHUNK);
    const reader = (await answerTo(as('a'))).body?.getReader();
    await eventually(() => expect(host.sent).toBe(PIECE + CHUNK));
    host.file = OTHER;
    // While it is in progress, and when it is not.
    const second = answerTo(requestFor({...range(90_000, 90_100), authorization: 'Bearer b'}));
    expect(isSame(await bytesIn(await second), OTHER.slice(90_000, 90_100))).toBe(true);
    await reader?.cancel();
    host.goOn();
    const third = requestFor({...range(0, 100), authorization: 'Bearer c'});
    expect(isSame(await bytesOfAnswer(third), OTHER.slice(0, 100))).toBe(true);
  });

  it('that may never end is not stored', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
    });
    host.instead.push(new Response(body, {headers: {'content-type': 'audio/mpeg'}}));
    const reader = (await answerTo()).body?.getReader();
    await Promise.all(behind);
    expect((await reader?.read())?.value).toHaveLength(10);
    await reader?.cancel();
    expect(await caches.keys()).toEqual([]);
  });
});

it('a download is forgotten when nothing uses it', async () => {
  vi.useFakeTimers({toFake: ['setTimeout']});
  await leaveAfter(PIECE + CHUNK);
  const {inProgress} = worker.part(FileDownloads) as unknown as {inProgress: Map<string, unknown>};
  expect(inProgress.has(`models ${url}`)).toBe(true);
  await eventually(async () => {
    await vi.advanceTimersByTimeAsync(1000);
    expect(inProgress.has(`models ${url}`)).toBe(false);
  });
});

describe('a replaced file', () => {
  it('is fetched anew for all requests at the same time', async () => {
    await leaveAfter(PIECE + CHUNK);
    host.file = OTHER;
    host.headers = {...host.headers, etag: '"other"'};
    const last = requestFor(range(SIZE - 100, SIZE));
    const answers = await Promise.all([answerTo(), answerTo(), answerTo(last)]);
    expect(await Promise.all(answers.map(bytesIn))).toEqual([OTHER, OTHER, OTHER.slice(-100)]);
    await Promise.all(behind);
    expect(await bytesIn(await stored())).toEqual(OTHER);
  });

  it('is fetched anew when the host answers with 416, because it is shorter now', async () => {
    await leaveAfter(PIECE + CHUNK);
    host.file = OTHER.slice(0, 100_000);
    host.headers = {...host.headers, etag: '"other"'};
    host.instead.push(new Response(null, {status: 416}));
    expect(await bytesOfAnswer()).toEqual(host.file);
  });
});

describe('releases with a file under the same key', () => {
  /** As the plugin of the release does. */
  const inRelease = (cacheName: () => string | undefined): ResumableCacheFirst =>
    strategyWith({
      plugins: [
        {
          cacheKeyWillBeUsed: async ({request, event}) => {
            worker.contextOf(event).home = cacheName;
            return request;
          },
        },
      ],
    });

  it('download it for each', async () => {
    await leaveAfter(
      PIECE + CHUNK,
      inRelease(() => 'models-v1'),
    );
    host.file = OTHER;
    expect(
      await bytesIn(
        await answerTo(
          requestFor(),
          inRelease(() => 'models-v2'),
        ),
      ),
    ).toEqual(OTHER);
    expect(host.asked).toEqual([null]);
  });

  it('store nothing of it when they are evicted before the host answers', async () => {
    let home: string | undefined = 'models-v1';
    const {answer, asked} = host.keepWaiting();
    const answering = answerTo(
      requestFor(),
      inRelease(() => home),
    );
    await asked;
    home = undefined;
    answer();
    expect(await bytesIn(await answering)).toEqual(FILE);
    expect((await caches.keys()).filter((name) => name.startsWith('holdfast'))).toEqual([]);
    expect(await caches.has('models-v1')).toBe(false);
  });
});

it('a request with an integrity, which the browser checks, is fetched as by other strategies', async () => {
  await leaveAfter(PIECE + CHUNK);
  const request = new Request(url, {integrity: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='});
  expect(await bytesIn(await answerTo(request))).toEqual(FILE);
  expect(host.asked).toEqual([null]);
});

describe('in the middle of a download', () => {
  it('the last page that leaves ends the request, and what is stored stays', async () => {
    host.holdAt(PIECE + CHUNK);
    await leaveAfter(PIECE + CHUNK);
    expect(host.open).toBe(0);
    expect((await pieces()).sort()).toEqual([`0-${PIECE}`, `${PIECE}-${PIECE + CHUNK}`]);
  });

  it('the page does not see a cut connection', async () => {
    host.cuts.push(PIECE + CHUNK);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked).toEqual([null, `bytes=${PIECE + CHUNK}-${SIZE - 1}`]);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('an expired signature is renewed', async () => {
    host.cuts.push(PIECE);
    host.holdAt(PIECE);
    const answer = await answerTo();
    host.instead.push(new Response('expired', {status: 403}));
    host.goOn();
    expect(await bytesIn(answer)).toEqual(FILE);
    await Promise.all(behind);
    expect(pauses).toEqual([1]);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('a replaced file ends the page’s stream, and the two are never mixed', async () => {
    host.cuts.push(PIECE);
    host.holdAt(PIECE);
    const answer = await answerTo();
    host.file = OTHER;
    host.headers = {etag: '"two"'};
    host.goOn();
    await expect(bytesIn(answer)).rejects.toMatchObject({name: 'FileChanged'});
    await Promise.allSettled(behind);
    expect(await stored()).toBeUndefined();
    expect(await bytesOfAnswer()).toEqual(OTHER);
    expect(await bytesIn(await stored())).toEqual(OTHER);
  });

  it('a range of a file without a validator does not end it', async () => {
    host.headers = {etag: 'W/"one"'};
    host.holdAt(CHUNK);
    const first = bytesIn(await answerTo());
    const second = answerTo(requestFor(range(150_000, 150_100)));
    host.goOn();
    expect(await bytesIn(await second)).toEqual(FILE.slice(150_000, 150_100));
    expect(await first).toEqual(FILE);
  });

  it('failing storage does not keep a page from its bytes', async () => {
    const put = vi.spyOn(Cache.prototype, 'put');
    host.holdAt(PIECE);
    const answer = await answerTo();
    put.mockImplementation(async (_key, response) => {
      await response.body?.cancel();
      throw new DOMException('full', 'QuotaExceededError');
    });
    host.goOn();
    expect(await bytesIn(answer)).toEqual(FILE);
    await Promise.all(behind);
    expect(await stored()).toBeUndefined();
    expect(host.asked).toHaveLength(1);
  });

  it('a page that reads nothing does not keep others from a file that storage does not take', async () => {
    refusePieces();
    const unread = (await answerTo()).body?.getReader();
    await unread?.read();
    await eventually(async () => expect(vi.mocked(Cache.prototype.put).mock.calls.length).toBeGreaterThan(1));
    expect(await bytesIn(await answerTo())).toEqual(FILE);
    await unread?.cancel();
  });

  it('failing storage does not keep later pages from their bytes, with one request each', async () => {
    refusePieces();
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked).toHaveLength(2);
    expect(host.open).toBe(0);
  });
});

describe('a range', () => {
  const wanted = (headers: Record<string, string>) => answerTo(requestFor(headers));

  it('of a stored file is read from it', async () => {
    await bytesOfAnswer();
    const answer = await wanted(range(70_000, 70_100));
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes 70000-70099/${SIZE}`);
    expect(answer.headers.get('content-length')).toBe('100');
    expect(await bytesIn(answer)).toEqual(FILE.slice(70_000, 70_100));
    expect(host.asked).toHaveLength(1);
  });

  it('that the file does not have is answered with 416', async () => {
    await bytesOfAnswer();
    const answer = await wanted({range: `bytes=${SIZE}-`});
    expect(answer.status).toBe(416);
    expect(answer.headers.get('content-range')).toBe(`bytes */${SIZE}`);
  });

  it('for another file is answered with the whole file', async () => {
    await bytesOfAnswer();
    const answer = await wanted({...range(5, 10), 'if-range': '"other"'});
    expect(answer.status).toBe(200);
    expect(await bytesIn(answer)).toEqual(FILE);
  });

  it('of a stored file may be one of several', async () => {
    await bytesOfAnswer();
    const answer = await wanted({range: 'bytes=0-4,10-14'});
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/byteranges/);
    expect(answer.headers.get('content-length')).toBe(String((await bytesIn(answer)).byteLength));
  });

  it('of a missing file is fetched just as wanted, and stored', async () => {
    const answer = await wanted(range(70_000, 70_100));
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes 70000-70099/${SIZE}`);
    expect(await bytesIn(answer)).toEqual(FILE.slice(70_000, 70_100));
    await Promise.all(behind);
    expect(host.sent).toBe(100);
    expect(await stored()).toBeUndefined();
    expect(await bytesOfAnswer(requestFor(range(70_010, 70_020)))).toEqual(FILE.slice(70_010, 70_020));
    expect(host.asked).toHaveLength(1);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.sent).toBe(SIZE);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('that was missing last completes the file', async () => {
    await bytesOfAnswer(requestFor(range(0, 100_000)));
    await bytesOfAnswer(requestFor({range: 'bytes=100000-'}));
    expect(await bytesIn(await stored())).toEqual(FILE);
    expect(await caches.keys()).toEqual(['models']);
  });

  it('of a file in progress does not wait for what comes before it', async () => {
    host.holdAt(CHUNK);
    const first = bytesIn(await answerTo());
    await eventually(() => expect(host.sent).toBe(CHUNK));
    expect(await bytesIn(await wanted(range(190_000, 190_100)))).toEqual(FILE.slice(190_000, 190_100));
    expect(host.asked.at(-1)).toBe('bytes=190000-190099');
    host.goOn();
    expect(await first).toEqual(FILE);
    await Promise.all(behind);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('of a host without ranges is answered with the whole file, and later from storage', async () => {
    host.takesRanges = false;
    const answer = await wanted(range(70_000, 70_100));
    expect(answer.status).toBe(200);
    expect(await bytesIn(answer)).toEqual(FILE);
    await Promise.all(behind);
    expect((await wanted(range(70_000, 70_100))).status).toBe(206);
    expect(host.asked).toHaveLength(1);
  });

  it('of all bytes is answered as a range, which media elements begin with', async () => {
    const answer = await wanted({range: 'bytes=0-'});
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes 0-${SIZE - 1}/${SIZE}`);
    expect(await bytesIn(answer)).toEqual(FILE);
    await Promise.all(behind);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it.each([
    ['with a weak ETag', {etag: 'W/"one"'}],
    ['without an ETag', {}],
  ])('of a file %s is answered by the host, and not stored', async (_name, headers) => {
    host.headers = headers as Record<string, string>;
    const answer = await wanted(range(70_000, 70_100));
    expect(answer.status).toBe(206);
    expect(await bytesIn(answer)).toEqual(FILE.slice(70_000, 70_100));
    await Promise.allSettled(behind);
    expect(await pieces()).toEqual([]);
    expect(await stored()).toBeUndefined();
  });

  it('of a small file is answered by the host, and not stored', async () => {
    host.file = FILE.slice(0, 1000);
    const answer = await wanted(range(10, 20));
    expect(answer.status).toBe(206);
    expect(await bytesIn(answer)).toEqual(FILE.slice(10, 20));
    await Promise.allSettled(behind);
    expect(await caches.keys()).toEqual([]);
  });
});

describe('one request and one put', () => {
  const expectOrdinary = async (bytes: Uint8Array): Promise<void> => {
    expect(await bytesOfAnswer()).toEqual(bytes);
    expect(await caches.keys()).toEqual(['models']);
    expect(await bytesIn(await stored())).toEqual(bytes);
    expect(await bytesOfAnswer()).toEqual(bytes);
    expect(host.asked).toEqual([null]);
  };

  it('are enough for a small file', async () => {
    host.file = FILE.slice(0, 99_999);
    await expectOrdinary(host.file);
  });

  it('are all for a file with an encoding, whose length counts other bytes', async () => {
    host.headers = {etag: '"one"', 'content-encoding': 'gzip'};
    await expectOrdinary(FILE);
  });

  it('are all for an answer without a length', async () => {
    host.instead.push(new Response(FILE));
    await expectOrdinary(FILE);
  });

  it.each(['text/javascript', 'text/css'])(
    'are all for code that was redirected to another folder, beside which its imports are (%s)',
    async (type) => {
      url = url.replace('model.onnx', 'code');
      const headers = {etag: '"one"', 'content-type': type, 'content-length': String(SIZE)};
      const code = Object.defineProperties(new Response(FILE, {headers}), {
        redirected: {value: true},
        url: {value: 'https://cdn.test/other/folder/file'},
      });
      host.instead.push(code);
      const answer = await answerTo();
      expect(answer).toBe(code);
      expect(await bytesIn(answer)).toEqual(FILE);
      await Promise.all(behind);
      expect(await caches.keys()).toEqual(['models']);
      expect(await bytesIn(await stored())).toEqual(FILE);
    },
  );

  it('are not all for another redirected file', async () => {
    const headers = {etag: '"one"', 'content-length': String(SIZE)};
    const model = Object.defineProperties(new Response(FILE, {headers}), {
      redirected: {value: true},
      url: {value: 'https://cdn.test/other/folder/file'},
    });
    host.instead.push(model);
    const answer = await answerTo();
    expect(await caches.has(piecesName())).toBe(true);
    expect(await bytesIn(answer)).toEqual(FILE);
  });

  it.each([404, 500])('do not store an answer with status %i', async (status) => {
    host.instead.push(new Response('no', {status}));
    expect((await answerTo()).status).toBe(status);
    await Promise.allSettled(behind);
    expect(await stored()).toBeUndefined();
    expect(await bytesOfAnswer()).toEqual(FILE);
  });

  it('bring a page its bytes when storage cannot be read', async () => {
    vi.spyOn(CacheStorage.prototype, 'open').mockRejectedValue(new DOMException('broken', 'UnknownError'));
    expect(await bytesIn(await answerTo())).toEqual(FILE);
  });

  it('fail at once when the network is gone', async () => {
    host.instead.push(new TypeError('Failed to fetch'));
    await expect(answerTo()).rejects.toThrow('Failed to fetch');
    expect(pauses).toEqual([]);
    expect(host.asked).toHaveLength(1);
    expect(await bytesOfAnswer()).toEqual(FILE);
  });
});

describe('plugins', () => {
  it('that make room run when there is none', async () => {
    const onQuotaError = vi.fn(async () => undefined);
    registerQuotaErrorCallback(onQuotaError);
    const {put} = Cache.prototype;
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, key, response) {
      if (key instanceof Request) {
        await response.body?.cancel();
        throw new DOMException('full', 'QuotaExceededError');
      }
      return put.call(this, key, response);
    });
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(onQuotaError).toHaveBeenCalled();
  });

  const withPlugin = (...plugins: WorkboxPlugin[]): ResumableCacheFirst => strategyWith({plugins});

  it('may change the key, which has one download and one entry', async () => {
    const strategy = withPlugin({
      cacheKeyWillBeUsed: async ({request}) => request.url.replace(/\?.*/, ''),
    });
    const answers = await Promise.all([
      answerTo(requestFor({}, `${url}?signature=one`), strategy),
      answerTo(requestFor({}, `${url}?signature=two`), strategy),
    ]);
    expect(await Promise.all(answers.map(bytesIn))).toEqual([FILE, FILE]);
    await Promise.all(behind);
    expect(host.asked).toHaveLength(1);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('may change the request', async () => {
    const fetched: Request[] = [];
    vi.stubGlobal('fetch', (request: Request, init?: RequestInit) => {
      fetched.push(request);
      return host.fetch(request, init);
    });
    host.cuts.push(PIECE);
    const strategy = withPlugin({
      requestWillFetch: async ({request}) => new Request(request, {headers: {authorization: 'Bearer x'}}),
    });
    expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
    expect(fetched.map(({headers}) => headers.get('authorization'))).toEqual(['Bearer x', 'Bearer x']);
  });

  it('may say beforehand that the file must not be stored, which makes no pieces', async () => {
    const strategy = withPlugin({
      cacheKeyWillBeUsed: async ({request, event}) => {
        worker.contextOf(event).home = () => undefined;
        return request;
      },
      cacheWillUpdate: async () => null,
    });
    const open = vi.spyOn(CacheStorage.prototype, 'open');
    expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
    expect(open.mock.calls.filter(([name]) => name !== 'models')).toEqual([]);
  });

  it('may throw while the file is stored, and the next request tries again', async () => {
    const cacheWillUpdate = vi
      .fn(async ({response}: {response: Response}) => response)
      .mockRejectedValueOnce(new Error('broken'));
    const strategy = withPlugin({cacheWillUpdate});
    expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
    expect(await stored()).toBeUndefined();
    expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
    expect(await bytesIn(await stored())).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
  });

  it('may refuse the file, of which nothing stays', async () => {
    const strategy = withPlugin({cacheWillUpdate: async () => null});
    expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
    await eventually(async () => expect(await pieces()).toEqual([]));
    expect(await stored()).toBeUndefined();
  });

  describe('where there is no room for an entry', () => {
    /** Refuses what does not fit, and reads what stays in pieces. */
    const guard = (looked: (bytes: number) => void): WorkboxPlugin => ({
      cacheWillUpdate: async ({response, event}) => {
        if (worker.contextOf(event).keptInPieces !== response.body) {
          return null;
        }
        let bytes = 0;
        const counted = new TransformStream<Uint8Array, Uint8Array>({
          transform: (chunk, controller) => {
            bytes += chunk.byteLength;
            controller.enqueue(chunk);
          },
          flush: () => looked(bytes),
        });
        return new Response(response.body?.pipeThrough(counted), response);
      },
    });

    it('check the file once, and it stays in pieces', async () => {
      const looked = vi.fn();
      const strategy = withPlugin(guard(looked));
      expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
      expect(looked.mock.calls).toEqual([[SIZE]]);
      expect(await pieces()).toHaveLength(4);
      expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
      expect(host.asked).toHaveLength(1);
      expect(looked).toHaveBeenCalledOnce();
    });

    it('may find the file wrong, of which nothing stays', async () => {
      const strategy = withPlugin(
        guard(() => {
          throw new Error('These are not the bytes.');
        }),
      );
      expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
      await eventually(async () => expect(await pieces()).toEqual([]));
    });

    it('check the file again as soon as a damaged piece was replaced', async () => {
      const looked = vi.fn();
      const strategy = withPlugin(guard(looked));
      await bytesOfAnswer(requestFor(), strategy);
      const damaged = entryOf(0, PIECE);
      await (await caches.open(piecesName())).put(damaged, new Response('damaged'));
      expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
      expect(looked.mock.calls).toEqual([[SIZE], [SIZE]]);
      expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
      expect(host.asked).toEqual([null, `bytes=0-${PIECE - 1}`]);
      expect(looked.mock.calls).toEqual([[SIZE], [SIZE]]);
    });
  });

  it('that refuse the file take nothing from a page that reads it slowly', async () => {
    vi.useFakeTimers({toFake: ['setTimeout']});
    const cacheWillUpdate = vi.fn(async () => null);
    const strategy = withPlugin({cacheWillUpdate});
    const slow = (await answerTo(requestFor(), strategy)).body?.getReader();
    await slow?.read();
    await eventually(async () => expect(await pieces()).toHaveLength(4));
    await vi.advanceTimersByTimeAsync(3000);
    await eventually(() => expect(cacheWillUpdate).toHaveBeenCalled());
    let bytes = CHUNK;
    while (bytes < SIZE) {
      bytes += (await slow?.read())?.value?.byteLength ?? Number.POSITIVE_INFINITY;
    }
    expect(bytes).toBe(SIZE);
  });

  it('may store other headers', async () => {
    const strategy = withPlugin({
      cacheWillUpdate: async ({response}) =>
        new Response(response.body, {headers: {...Object.fromEntries(response.headers), 'x-mark': 'yes'}}),
    });
    await bytesOfAnswer(requestFor(), strategy);
    expect((await stored())?.headers.get('x-mark')).toBe('yes');
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('may find the bytes wrong while they are stored, and the next request fetches them again', async () => {
    const strategy = withPlugin({
      cacheWillUpdate: async ({response}) =>
        new Response(
          response.body?.pipeThrough(
            new TransformStream({
              flush: () => {
                throw new Error('These are not the bytes.');
              },
            }),
          ),
          response,
        ),
    });
    expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
    expect(await stored()).toBeUndefined();
    expect(await pieces()).toEqual([]);
    await bytesOfAnswer(requestFor(), strategy);
    expect(host.asked).toEqual([null, null]);
  });

  it('learn what was stored', async () => {
    const cacheDidUpdate = vi.fn(async () => undefined);
    await bytesOfAnswer(requestFor(), withPlugin({cacheDidUpdate}));
    expect(cacheDidUpdate).toHaveBeenCalledOnce();
    expect(cacheDidUpdate).toHaveBeenCalledWith(
      expect.objectContaining({
        cacheName: 'models',
        oldResponse: undefined,
        newResponse: expect.objectContaining({status: 200}),
        request: expect.objectContaining({url}),
      }),
    );
  });

  it('learn that the network is gone', async () => {
    const fetchDidFail = vi.fn(async () => undefined);
    host.instead.push(new TypeError('Failed to fetch'));
    await expect(answerTo(requestFor(), withPlugin({fetchDidFail}))).rejects.toThrow();
    expect(fetchDidFail).toHaveBeenCalledOnce();
    expect(fetchDidFail).toHaveBeenCalledWith(
      expect.objectContaining({
        error: expect.objectContaining({message: 'Failed to fetch'}),
        originalRequest: expect.objectContaining({url}),
      }),
    );
  });

  describe('that verify an answer before it is served', () => {
    const beforeServing = (isRight: boolean): WorkboxPlugin => ({
      fetchDidSucceed: async ({response}) => {
        const bytes = await response.arrayBuffer();
        return isRight ? new Response(bytes, response) : Response.error();
      },
    });

    it('get all of it, and the file is stored', async () => {
      expect(await bytesOfAnswer(requestFor(), withPlugin(beforeServing(true)))).toEqual(FILE);
      expect(host.asked).toHaveLength(1);
      expect(await bytesIn(await stored())).toEqual(FILE);
    });

    it('get all of it over a cut connection', async () => {
      host.cuts.push(PIECE);
      expect(await bytesOfAnswer(requestFor(), withPlugin(beforeServing(true)))).toEqual(FILE);
    });

    it('may refuse it', async () => {
      expect((await answerTo(requestFor(), withPlugin(beforeServing(false)))).type).toBe('error');
    });

    it('get a small file, too', async () => {
      host.file = FILE.slice(0, 1000);
      expect(await bytesOfAnswer(requestFor(), withPlugin(beforeServing(true)))).toEqual(host.file);
      expect(await bytesIn(await stored())).toEqual(host.file);
    });
  });
});

describe('what plugins of one event share', () => {
  /** Runs when the file is about to be stored, or checked. */
  const contextWhen = (outcome: 'stored' | 'not-current' | undefined) => {
    const cacheWillUpdate = vi.fn(async ({event}: {event: ExtendableEvent}) => {
      worker.contextOf(event).outcome = outcome;
      return null;
    });
    return strategyWith({plugins: [{cacheWillUpdate}]});
  };

  it('says beforehand that requests share downloads', async () => {
    const shares = vi.fn();
    const plugin: WorkboxPlugin = {
      cachedResponseWillBeUsed: async ({event}) => shares(worker.contextOf(event).sharesDownloads),
    };
    await bytesOfAnswer(requestFor(), strategyWith({plugins: [plugin]}));
    expect(shares).toHaveBeenCalledWith(true);
  });

  it('says that a plugin stored the file by itself, whose pieces are deleted', async () => {
    expect(await bytesOfAnswer(requestFor(), contextWhen('stored'))).toEqual(FILE);
    await eventually(async () => expect(await pieces()).toEqual([]));
    expect(await stored()).toBeUndefined();
  });

  it('says why a plugin did not, and nothing stays', async () => {
    const strategy = contextWhen('not-current');
    expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
    await eventually(async () => expect(await pieces()).toEqual([]));
    expect(await stored()).toBeUndefined();
  });
});

describe('a request', () => {
  it('keeps the referrer of the page, also for the rest of the file', async () => {
    const sent: Request[] = [];
    vi.stubGlobal('fetch', (request: Request, init?: RequestInit) => {
      sent.push(request);
      return host.fetch(request, init);
    });
    host.cuts.push(PIECE);
    const referrer = `${location.origin}/page.html?of=it`;
    const request = new Request(url, {referrer, referrerPolicy: 'unsafe-url'});
    expect(await bytesOfAnswer(request)).toEqual(FILE);
    expect(sent.map((one) => [one.referrer, one.referrerPolicy])).toEqual([
      [referrer, 'unsafe-url'],
      [referrer, 'unsafe-url'],
    ]);
  });

  it('has the fetchOptions of the strategy', async () => {
    const sent: Request[] = [];
    vi.stubGlobal('fetch', (request: Request, init?: RequestInit) => {
      sent.push(request);
      return host.fetch(request, init);
    });
    const strategy = strategyWith({fetchOptions: {credentials: 'omit', headers: {'x-mark': 'yes'}}});
    expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
    expect(sent[0]?.credentials).toBe('omit');
    expect(sent[0]?.headers.get('x-mark')).toBe('yes');
  });
});

describe('the constructor', () => {
  it('registers nothing twice, and starts no timer', () => {
    vi.useFakeTimers();
    new ResumableCacheFirst();
    const before = thisWorker.cleanups.size;
    new ResumableCacheFirst();
    expect(vi.getTimerCount()).toBe(0);
    expect(thisWorker.cleanups.size).toBe(before);
  });
});

describe('options', () => {
  it('are checked', () => {
    expect(() => strategyWith({pieceBytes: 1})).toThrow("option 'pieceBytes' must be 65536 bytes or more");
  });

  it('have defaults: a file of less than 16 MiB is a small one', async () => {
    expect(await bytesOfAnswer(requestFor(), new ResumableCacheFirst({cacheName: 'models'}, worker))).toEqual(
      FILE,
    );
    expect(await caches.keys()).toEqual(['models']);
  });
});
