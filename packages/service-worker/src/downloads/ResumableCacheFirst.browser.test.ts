import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {registerQuotaErrorCallback} from 'workbox-core/registerQuotaErrorCallback.js';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {ResumableCacheFirst, type ResumableCacheFirstOptions} from './index.ts';
import {entryOf} from './testing/entryOf.ts';
import {bytesOf, drain, Host} from './testing/Host.ts';

const pauses = vi.hoisted(() => [] as number[]);

// How long they are is tested beside it.
vi.mock('./pauseBefore.ts', () => ({
  pauseBefore: async (attempt: number, _error: unknown, signal: AbortSignal) => {
    signal.throwIfAborted();
    pauses.push(attempt);
  },
}));

const PIECE = 65_536;
const SIZE = 3 * PIECE + 1000;
const FILE = bytesOf(SIZE);
const OTHER = bytesOf(SIZE, 7);
const CHUNK = 16_384;

let url: string;
let host: Host;
/** What is done behind the answers. */
let behind: Promise<unknown>[];
let files = 0;

beforeEach(() => {
  // What is on its way is kept in the module, by URL.
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
  new ResumableCacheFirst({cacheName: 'models', minBytes: 100_000, pieceBytes: PIECE, ...options});

const requestFor = (headers: Record<string, string> = {}, target = url): Request =>
  new Request(target, {headers});

const answerTo = (request = requestFor(), strategy = strategyWith()): Promise<Response> => {
  const [response, done] = strategy.handleAll({event: new ExtendableEvent('fetch'), request});
  done.catch(() => undefined);
  behind.push(done);
  return response;
};

const bytesIn = (response: Response | undefined): Promise<Uint8Array> => drain(response?.body);

/** What the page gets, when everything is done that belongs to it. */
const bytesOfAnswer = async (request = requestFor(), strategy = strategyWith()): Promise<Uint8Array> => {
  const bytes = await bytesIn(await answerTo(request, strategy));
  await Promise.allSettled(behind);
  return bytes;
};

const range = (start: number, end: number): Record<string, string> => ({range: `bytes=${start}-${end - 1}`});

const stored = async (): Promise<Response | undefined> =>
  (await caches.open('models')).match(url, {ignoreVary: true});

const piecesName = (): string => `holdfast-large-files models ${url}`;

/** The bounds of the pieces that are there. */
const pieces = async (): Promise<string[]> =>
  (await caches.has(piecesName()))
    ? (await (await caches.open(piecesName())).keys())
        .map((key) => new URL(key.url).pathname.slice(1))
        .filter(Boolean)
    : [];

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

describe('a large file', () => {
  it('that is not stored comes by one request, and becomes one ordinary entry', async () => {
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

  it('that is stored is answered without the network', async () => {
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

  it('that is read slowly is stored meanwhile', async () => {
    const reader = (await answerTo()).body?.getReader();
    await reader?.read();
    await vi.waitFor(async () => expect(await pieces()).toHaveLength(4));
    let bytes = CHUNK;
    while (bytes < SIZE) {
      bytes += (await reader?.read())?.value?.byteLength ?? Number.POSITIVE_INFINITY;
    }
    expect(bytes).toBe(SIZE);
    await reader?.read();
    await Promise.all(behind);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('is put together once, whoever asks', async () => {
    const put = vi.spyOn(Cache.prototype, 'put');
    const [first, second] = await Promise.all([answerTo(), answerTo()]);
    expect(await Promise.all([bytesIn(first), bytesIn(second)])).toEqual([FILE, FILE]);
    await Promise.all(behind);
    const keys = put.mock.calls.map(([key]) => (key instanceof Request ? key.url : String(key)));
    expect(keys.filter((key) => key === url)).toHaveLength(1);
  });

  it('that is just put together is there for who comes, although all have left before', async () => {
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
    await vi.waitFor(async () => expect(await pieces()).toHaveLength(4));
    await slow?.cancel();
    await vi.waitFor(() => expect(begun).toHaveBeenCalled());
    const late = (await answerTo()).body?.getReader();
    let bytes = (await late?.read())?.value?.byteLength ?? 0;
    goOn();
    await vi.waitFor(async () => expect(await stored()).toBeDefined());
    for (let next = await late?.read(); next?.value; next = await late?.read()) {
      bytes += next.value.byteLength;
    }
    expect(bytes).toBe(SIZE);
    await Promise.all(behind);
    expect(host.asked).toHaveLength(1);
    expect(await caches.keys()).toEqual(['models']);
  });

  it('stays in pieces where there is no room for both, and is read back from them', async () => {
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({quota: 2 * SIZE, usage: SIZE + 1});
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await stored()).toBeUndefined();
    expect(await pieces()).toHaveLength(4);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesOfAnswer(requestFor(range(70_000, 70_100)))).toEqual(FILE.slice(70_000, 70_100));
    expect(host.asked).toEqual([null]);
  });

  it('keeps its other pieces when one that is put together was damaged, and the host is gone', async () => {
    vi.useFakeTimers({toFake: ['setTimeout']});
    const reader = (await answerTo()).body?.getReader();
    await reader?.read();
    await vi.waitFor(async () => expect(await pieces()).toHaveLength(4));
    const damaged = entryOf(PIECE, 2 * PIECE);
    await (await caches.open(piecesName())).put(damaged, new Response('damaged'));
    host.instead.push(...Array.from({length: 8}, () => new TypeError('Failed to fetch')));
    await vi.advanceTimersByTimeAsync(3000);
    await vi.waitFor(() => expect(host.instead).toHaveLength(1));
    await reader?.cancel();
    await Promise.allSettled(behind);
    expect(await pieces()).toHaveLength(3);
    host.instead.length = 0;

    vi.useRealTimers();
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked.at(-1)).toBe(`bytes=${PIECE}-${2 * PIECE - 1}`);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('stays in pieces when storage refuses the whole, and the page has its bytes', async () => {
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

  it('that could not be stored for want of room is stored with a later request, when there is some', async () => {
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

  it('of which some pieces could be stored goes on from them when there is room', async () => {
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
    await vi.waitFor(async () => expect(await pieces()).toHaveLength(1));
    isFull = true;
    host.goOn();
    expect(await reading).toEqual(FILE);
    await Promise.allSettled(behind);
    isFull = false;
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('is one that is as large as the option says', async () => {
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
  it('are one download also when the file becomes an entry while the second one is on its way', async () => {
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
    await vi.waitFor(async () => expect(await stored()).toBeDefined());
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
    await vi.waitFor(() => expect(host.sent).toBe(PIECE + CHUNK));
    const second = answerTo();
    host.goOn();
    expect(await Promise.all([first, bytesIn(await second)])).toEqual([FILE, FILE]);
    await Promise.all(behind);
    expect(host.asked).toHaveLength(1);
  });

  it('share what they go on with', async () => {
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

  it('may come from strategies that know nothing of each other', async () => {
    const [first, second] = await Promise.all([
      answerTo(requestFor(), strategyWith()),
      answerTo(requestFor(), strategyWith()),
    ]);
    await Promise.all([bytesIn(first), bytesIn(second)]);
    expect(host.asked).toHaveLength(1);
  });

  it('of which one leaves go on for the other', async () => {
    host.holdAt(CHUNK);
    const [first, second] = await Promise.all([answerTo(), answerTo()]);
    await first.body?.cancel();
    host.goOn();
    expect(await bytesIn(second)).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
  });

  it('of which the first leaves while the host has not answered the second go on for the second', async () => {
    const reader = (await answerTo(requestFor(range(0, 100_000)))).body?.getReader();
    await reader?.read();
    const {answer, asked} = host.keepWaiting();
    const second = answerTo(requestFor(range(150_000, 150_100)));
    await asked;
    await reader?.cancel();
    answer();
    expect(await bytesIn(await second)).toEqual(FILE.slice(150_000, 150_100));
  });

  it('each get the answer when the network is gone', async () => {
    host.instead.push(new TypeError('Failed to fetch'), new TypeError('Failed to fetch'));
    const answers = await Promise.allSettled([answerTo(), answerTo()]);
    expect(answers.map(({status}) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('a download that was interrupted', () => {
  it('goes on with what is stored', async () => {
    host.holdAt(2 * PIECE + CHUNK);
    await leaveAfter(2 * PIECE + CHUNK);
    host.goOn();
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked).toEqual([`bytes=${2 * PIECE + CHUNK}-${SIZE - 1}`]);
    expect(host.sent).toBe(SIZE - 2 * PIECE - CHUNK);
    expect(await bytesIn(await stored())).toEqual(FILE);
    expect(await caches.keys()).toEqual(['models']);
  });

  it('begins anew when the file was replaced meanwhile, before the page gets a byte', async () => {
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
  ])('begins anew for a file with %s', async (_name, headers) => {
    host.headers = headers as Record<string, string>;
    host.holdAt(2 * PIECE);
    await leaveAfter(2 * PIECE);
    host.goOn();
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked).toEqual([null]);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('goes on by the hash in the address, whatever the ETag', async () => {
    host.url = `https://cdn.test/${'a5e6b2c4'.repeat(8)}?signature=one`;
    host.holdAt(2 * PIECE);
    await leaveAfter(2 * PIECE);
    host.goOn();
    host.url = `https://cdn.test/${'a5e6b2c4'.repeat(8)}?signature=two`;
    host.headers = {etag: '"of another server"'};
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.sent).toBe(SIZE - 2 * PIECE);
  });

  it('takes the whole again from a host without ranges, and stores each byte once', async () => {
    host.takesRanges = false;
    host.holdAt(2 * PIECE);
    await leaveAfter(2 * PIECE);
    host.goOn();
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('fails at once when the network is gone, and what is there stays', async () => {
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

describe('a file that has been replaced', () => {
  it('is fetched anew for all who ask for it at the same time', async () => {
    await leaveAfter(PIECE + CHUNK);
    host.file = OTHER;
    host.headers = {...host.headers, etag: '"other"'};
    const last = requestFor(range(SIZE - 100, SIZE));
    const answers = await Promise.all([answerTo(), answerTo(), answerTo(last)]);
    expect(await Promise.all(answers.map(bytesIn))).toEqual([OTHER, OTHER, OTHER.slice(-100)]);
    await Promise.all(behind);
    expect(await bytesIn(await stored())).toEqual(OTHER);
  });

  it('is fetched anew where the host has said 416, since it is shorter now', async () => {
    await leaveAfter(PIECE + CHUNK);
    host.file = OTHER.slice(0, 100_000);
    host.headers = {...host.headers, etag: '"other"'};
    host.instead.push(new Response(null, {status: 416}));
    expect(await bytesOfAnswer()).toEqual(host.file);
  });
});

describe('releases that have a file under the same key', () => {
  /** As the plugin says it that knows of releases. */
  const inRelease = (cacheName: () => string | undefined): ResumableCacheFirst =>
    strategyWith({
      plugins: [
        {
          cacheKeyWillBeUsed: async ({request, event}) => {
            Object.defineProperty(event, Symbol.for('holdfast.cache-name'), {
              get: cacheName,
              configurable: true,
            });
            return request;
          },
        },
      ],
    });

  it('have it each for itself', async () => {
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

  it('store nothing of it when they have gone by the time that the host answers', async () => {
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

it('a request that the browser has to check by its integrity comes as it ever does', async () => {
  await leaveAfter(PIECE + CHUNK);
  const request = new Request(url, {integrity: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='});
  expect(await bytesIn(await answerTo(request))).toEqual(FILE);
  expect(host.asked).toEqual([null]);
});

describe('in the middle of a download', () => {
  it('a page that leaves as the last one ends the request, and what is there stays', async () => {
    host.holdAt(PIECE + CHUNK);
    await leaveAfter(PIECE + CHUNK);
    expect(host.open).toBe(0);
    expect((await pieces()).sort()).toEqual([`0-${PIECE}`, `${PIECE}-${PIECE + CHUNK}`]);
  });

  it('a cut connection is not seen by the page', async () => {
    host.cuts.push(PIECE + CHUNK);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked).toEqual([null, `bytes=${PIECE + CHUNK}-${SIZE - 1}`]);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('a signature that has expired is renewed', async () => {
    host.cuts.push(PIECE);
    host.holdAt(PIECE);
    const answer = await answerTo();
    host.instead.push(new Response('expired', {status: 403}));
    host.goOn();
    expect(await bytesIn(answer)).toEqual(FILE);
    await Promise.all(behind);
    expect(pauses).toEqual([1, 2]);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('a file that is replaced ends the page’s stream, and nothing of either is stored as the other', async () => {
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

  it('a range of a file that nothing can tell apart does no harm to it', async () => {
    host.headers = {etag: 'W/"one"'};
    host.holdAt(CHUNK);
    const first = bytesIn(await answerTo());
    const second = answerTo(requestFor(range(150_000, 150_100)));
    host.goOn();
    expect(await bytesIn(await second)).toEqual(FILE.slice(150_000, 150_100));
    expect(await first).toEqual(FILE);
  });

  it('storage that fails keeps no page from its bytes', async () => {
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

  it('storage that has failed keeps nobody who comes later from his bytes, by one request', async () => {
    const {put} = Cache.prototype;
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, key, response) {
      if (String(key).endsWith('/')) {
        return put.call(this, key, response);
      }
      await response.body?.cancel();
      throw new DOMException('full', 'QuotaExceededError');
    });
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(await bytesOfAnswer()).toEqual(FILE);
    expect(host.asked).toHaveLength(2);
    expect(host.open).toBe(0);
  });
});

describe('a range', () => {
  const wanted = (headers: Record<string, string>) => answerTo(requestFor(headers));

  it('of a file that is stored comes from there', async () => {
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

  it('that is meant for another file is answered with the whole', async () => {
    await bytesOfAnswer();
    const answer = await wanted({...range(5, 10), 'if-range': '"other"'});
    expect(answer.status).toBe(200);
    expect(await bytesIn(answer)).toEqual(FILE);
  });

  it('of a stored file is one of several', async () => {
    await bytesOfAnswer();
    const answer = await wanted({range: 'bytes=0-4,10-14'});
    expect(answer.headers.get('content-type')).toMatch(/^multipart\/byteranges/);
    expect(answer.headers.get('content-length')).toBe(String((await bytesIn(answer)).byteLength));
  });

  it('of a file that is not stored is fetched just as wanted, and kept', async () => {
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

  it('that is the last one that was missing makes the file whole', async () => {
    await bytesOfAnswer(requestFor(range(0, 100_000)));
    await bytesOfAnswer(requestFor({range: 'bytes=100000-'}));
    expect(await bytesIn(await stored())).toEqual(FILE);
    expect(await caches.keys()).toEqual(['models']);
  });

  it('of a file that is on its way does not wait for what comes before it', async () => {
    host.holdAt(CHUNK);
    const first = bytesIn(await answerTo());
    await vi.waitFor(() => expect(host.sent).toBe(CHUNK));
    expect(await bytesIn(await wanted(range(190_000, 190_100)))).toEqual(FILE.slice(190_000, 190_100));
    expect(host.asked.at(-1)).toBe('bytes=190000-190099');
    host.goOn();
    expect(await first).toEqual(FILE);
    await Promise.all(behind);
    expect(await bytesIn(await stored())).toEqual(FILE);
  });

  it('of a host without ranges is answered with the whole, as the host does, and then from what is stored', async () => {
    host.takesRanges = false;
    const answer = await wanted(range(70_000, 70_100));
    expect(answer.status).toBe(200);
    expect(await bytesIn(answer)).toEqual(FILE);
    await Promise.all(behind);
    expect((await wanted(range(70_000, 70_100))).status).toBe(206);
    expect(host.asked).toHaveLength(1);
  });

  it('of all bytes is a range, as media elements begin with', async () => {
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
  ])('of a file %s is answered by the host, and not kept', async (_name, headers) => {
    host.headers = headers as Record<string, string>;
    const answer = await wanted(range(70_000, 70_100));
    expect(answer.status).toBe(206);
    expect(await bytesIn(answer)).toEqual(FILE.slice(70_000, 70_100));
    await Promise.allSettled(behind);
    expect(await pieces()).toEqual([]);
    expect(await stored()).toBeUndefined();
  });

  it('of a small file is answered by the host, and not kept', async () => {
    host.file = FILE.slice(0, 1000);
    const answer = await wanted(range(10, 20));
    expect(answer.status).toBe(206);
    expect(await bytesIn(answer)).toEqual(FILE.slice(10, 20));
    await Promise.allSettled(behind);
    expect(await caches.keys()).toEqual([]);
  });
});

describe('the ordinary way', () => {
  const expectOrdinary = async (bytes: Uint8Array): Promise<void> => {
    expect(await bytesOfAnswer()).toEqual(bytes);
    expect(await caches.keys()).toEqual(['models']);
    expect(await bytesIn(await stored())).toEqual(bytes);
    expect(await bytesOfAnswer()).toEqual(bytes);
    expect(host.asked).toEqual([null]);
  };

  it('is that of a small file', async () => {
    host.file = FILE.slice(0, 99_999);
    await expectOrdinary(host.file);
  });

  it('is that of a file with an encoding, whose length is that of other bytes', async () => {
    host.headers = {etag: '"one"', 'content-encoding': 'gzip'};
    await expectOrdinary(FILE);
  });

  it('is that of an answer that does not tell its length', async () => {
    host.instead.push(new Response(FILE));
    await expectOrdinary(FILE);
  });

  it.each(['text/javascript', 'text/css'])(
    'is that of redirected code, whose imports count on its last URL (%s)',
    async (type) => {
      const headers = {etag: '"one"', 'content-type': type, 'content-length': String(SIZE)};
      const code = Object.defineProperty(new Response(FILE, {headers}), 'redirected', {value: true});
      host.instead.push(code);
      const answer = await answerTo();
      expect(answer).toBe(code);
      expect(await bytesIn(answer)).toEqual(FILE);
      await Promise.all(behind);
      expect(await caches.keys()).toEqual(['models']);
      expect(await bytesIn(await stored())).toEqual(FILE);
    },
  );

  it('is not that of another file that was redirected', async () => {
    const headers = {etag: '"one"', 'content-length': String(SIZE)};
    const model = Object.defineProperty(new Response(FILE, {headers}), 'redirected', {value: true});
    host.instead.push(model);
    const answer = await answerTo();
    expect(await caches.has(piecesName())).toBe(true);
    expect(await bytesIn(answer)).toEqual(FILE);
  });

  it.each([404, 500])('is that of an answer with status %i, which is not stored', async (status) => {
    host.instead.push(new Response('no', {status}));
    expect((await answerTo()).status).toBe(status);
    await Promise.allSettled(behind);
    expect(await stored()).toBeUndefined();
    expect(await bytesOfAnswer()).toEqual(FILE);
  });

  it('is that of a page whose storage cannot be read, and it has its bytes', async () => {
    vi.spyOn(CacheStorage.prototype, 'open').mockRejectedValue(new DOMException('broken', 'UnknownError'));
    expect(await bytesIn(await answerTo())).toEqual(FILE);
  });

  it('fails at once when the network is gone', async () => {
    host.instead.push(new TypeError('Failed to fetch'));
    await expect(answerTo()).rejects.toThrow('Failed to fetch');
    expect(pauses).toEqual([]);
    expect(host.asked).toHaveLength(1);
    expect(await bytesOfAnswer()).toEqual(FILE);
  });
});

describe('plugins', () => {
  it('that make room are told when there is none', async () => {
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

  it('may change the key, under which there is one download and one entry', async () => {
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

  it('may say beforehand that it is not to be stored: then it comes without pieces', async () => {
    const strategy = withPlugin({
      cacheKeyWillBeUsed: async ({request, event}) => {
        Object.assign(event, {[Symbol.for('holdfast.cache-name')]: undefined});
        return request;
      },
      cacheWillUpdate: async () => null,
    });
    const open = vi.spyOn(CacheStorage.prototype, 'open');
    expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
    expect(open.mock.calls.filter(([name]) => name !== 'models')).toEqual([]);
  });

  it('may throw while it is stored: the next request tries again', async () => {
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

  it('may refuse to store it: then nothing of it stays', async () => {
    const strategy = withPlugin({cacheWillUpdate: async () => null});
    expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
    await vi.waitFor(async () => expect(await pieces()).toEqual([]));
    expect(await stored()).toBeUndefined();
  });

  describe('where there is no room for an entry', () => {
    /** Refuses what does not fit, and looks at each byte of what is kept otherwise. */
    const guard = (looked: (bytes: number) => void): WorkboxPlugin => ({
      cacheWillUpdate: async ({response, event}) => {
        if (!(Symbol.for('holdfast.kept-elsewhere') in event)) {
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

    it('look through it once: it stays in pieces, and is read back from them', async () => {
      const looked = vi.fn();
      const strategy = withPlugin(guard(looked));
      expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
      expect(looked.mock.calls).toEqual([[SIZE]]);
      expect(await pieces()).toHaveLength(4);
      expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
      expect(host.asked).toHaveLength(1);
      expect(looked).toHaveBeenCalledOnce();
    });

    it('may find it wrong: then nothing of it stays', async () => {
      const strategy = withPlugin(
        guard(() => {
          throw new Error('These are not the bytes.');
        }),
      );
      expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
      await vi.waitFor(async () => expect(await pieces()).toEqual([]));
    });

    it('look through it again when a piece of it was damaged', async () => {
      const looked = vi.fn();
      const strategy = withPlugin(guard(looked));
      await bytesOfAnswer(requestFor(), strategy);
      const damaged = entryOf(0, PIECE);
      await (await caches.open(piecesName())).put(damaged, new Response('damaged'));
      expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
      expect(await bytesOfAnswer(requestFor(), strategy)).toEqual(FILE);
      expect(host.asked).toEqual([null, `bytes=0-${PIECE - 1}`]);
      expect(looked.mock.calls).toEqual([[SIZE], [SIZE]]);
    });
  });

  it('that refuse to store it take nothing from a page that reads it slowly', async () => {
    vi.useFakeTimers({toFake: ['setTimeout']});
    const cacheWillUpdate = vi.fn(async () => null);
    const strategy = withPlugin({cacheWillUpdate});
    const slow = (await answerTo(requestFor(), strategy)).body?.getReader();
    await slow?.read();
    await vi.waitFor(async () => expect(await pieces()).toHaveLength(4));
    await vi.advanceTimersByTimeAsync(3000);
    await vi.waitFor(() => expect(cacheWillUpdate).toHaveBeenCalled());
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

  it('may find the bytes wrong while they are stored: they are not, and are fetched again', async () => {
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

  it('are told what has been stored', async () => {
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

  it('are told that the network is gone', async () => {
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

  describe('that hold the answer back until its bytes are verified', () => {
    const beforeServing = (isRight: boolean): WorkboxPlugin => ({
      fetchDidSucceed: async ({response}) => {
        const bytes = await response.arrayBuffer();
        return isRight ? new Response(bytes, response) : Response.error();
      },
    });

    it('have it when all has come, and the file is stored', async () => {
      expect(await bytesOfAnswer(requestFor(), withPlugin(beforeServing(true)))).toEqual(FILE);
      expect(host.asked).toHaveLength(1);
      expect(await bytesIn(await stored())).toEqual(FILE);
    });

    it('have it over a cut connection', async () => {
      host.cuts.push(PIECE);
      expect(await bytesOfAnswer(requestFor(), withPlugin(beforeServing(true)))).toEqual(FILE);
    });

    it('may refuse it', async () => {
      expect((await answerTo(requestFor(), withPlugin(beforeServing(false)))).type).toBe('error');
    });

    it('do so with a small file, too', async () => {
      host.file = FILE.slice(0, 1000);
      expect(await bytesOfAnswer(requestFor(), withPlugin(beforeServing(true)))).toEqual(host.file);
      expect(await bytesIn(await stored())).toEqual(host.file);
    });
  });
});

describe('options', () => {
  it('are checked', () => {
    expect(() => strategyWith({pieceBytes: 1})).toThrow('pieceBytes must be 65536 bytes or more');
  });

  it('have defaults: a file of less than 16 MiB is a small one', async () => {
    expect(await bytesOfAnswer(requestFor(), new ResumableCacheFirst({cacheName: 'models'}))).toEqual(FILE);
    expect(await caches.keys()).toEqual(['models']);
  });
});
