import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {registerQuotaErrorCallback} from 'workbox-core/registerQuotaErrorCallback.js';
import type {ByteRange} from '../http/byteRanges.ts';
import type {DownloadProgress} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {FileDownload} from './FileDownload.ts';
import {filesInPieces} from './filesInPieces.ts';
import {NotStored} from './NotStored.ts';
import {PieceStore} from './PieceStore.ts';
import {entryOf} from './testing/entryOf.ts';
import {eventually} from './testing/eventually.ts';
import {bytesOf, drain, Host} from './testing/Host.ts';
import {FileChanged, Upstream, UpstreamFailure} from './Upstream.ts';

const pauses = vi.hoisted(() => [] as [attempts: number, atLeastMs: number | undefined][]);

vi.mock('../timing/pauseBefore.ts', () => ({
  pauseBefore: async (attempts: number, signal: AbortSignal, {atLeastMs}: {atLeastMs?: number}) => {
    signal.throwIfAborted();
    pauses.push([attempts, atLeastMs]);
  },
}));

const SIZE = 100;
const PIECE = 10;
const FILE = bytesOf(SIZE);
const WHOLE = {start: 0, end: SIZE};

const worker = new WorkerState();

/** Of the file, another one in each test: the last one may still report. */
let url: string;
let piecesName: string;
let files = 0;
let host: Host;
let store: PieceStore;
let download: FileDownload;
let reports: DownloadProgress[];
let channel: BroadcastChannel;

beforeEach(async () => {
  files += 1;
  url = `https://a.test/${files}/model.onnx`;
  piecesName = `holdfast-pieces models ${url}`;
  host = new Host(FILE, 4);
  pauses.length = 0;
  reports = [];
  channel = new BroadcastChannel('holdfast');
  channel.onmessage = ({data: {payload}}) => {
    if (payload.key === url) {
      reports.push(payload);
    }
  };
  vi.stubGlobal('fetch', host.fetch);
  await begin();
});

afterEach(async () => {
  channel.close();
  host.goOn();
  download.stop();
  vi.useRealTimers();
  vi.restoreAllMocks();
  await download.whenIdle();
  vi.unstubAllGlobals();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

/** Begins the download, or resumes what is stored. */
const begin = async (headers: Record<string, string> = {}): Promise<void> => {
  store = await PieceStore.resume({home: 'models', key: url});
  const facts = {size: SIZE, validator: '"one"', headers: Object.entries(headers)};
  await store.describe(facts);
  download = new FileDownload(worker, store, facts, new Upstream(new Request(url), facts), PIECE);
};

/** All that a reader gets. */
const readAll = (range: ByteRange = WHOLE): Promise<Uint8Array> => drain(download.read(range));

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** Reads so many bytes, or a few more. */
const take = async (reader: Reader, count: number): Promise<number[]> => {
  const bytes: number[] = [];
  while (bytes.length < count) {
    const {done, value} = await reader.read();
    if (done) {
      break;
    }
    bytes.push(...value);
  }
  return bytes;
};

const rangesOf = (): [number, number][] => store.ranges.map(({start, end}) => [start, end]);

/** The parts of the file, by where they begin. */
const cutAt = (...bounds: number[]): [number, number][] =>
  bounds.map((start, index) => [start, bounds[index + 1] ?? SIZE]);

const WHOLE_IN_PIECES = cutAt(0, 10, 20, 30, 40, 50, 60, 70, 80, 90);

/** What the host is asked for a range. */
const rangeOf = (start: number, end = SIZE): string => `bytes=${start}-${end - 1}`;

/** Storage takes nothing until the returned function is called. */
const holdStorage = (): (() => void) => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const put = Cache.prototype.put;
  vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, key, response) {
    await held;
    return put.call(this, key, response);
  });
  return release;
};

/** Storage takes so many entries, and then fails. */
const failAfter = (count: number): void => {
  const {put} = Cache.prototype;
  let puts = 0;
  vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, key, response) {
    puts += 1;
    if (puts <= count) {
      return put.call(this, key, response);
    }
    await response.body?.cancel();
    throw new DOMException('full', 'QuotaExceededError');
  });
};

/** Resolves when storage was asked so many times. */
const turns = async (count: number): Promise<void> => {
  for (let times = 0; times < count; times += 1) {
    await caches.has('nothing');
  }
};

/** Resolves when nothing has changed while storage was asked a few times. */
const settled = async (what: () => unknown): Promise<void> => {
  let before: unknown;
  do {
    before = what();
    await turns(20);
  } while (what() !== before);
};

describe('a download', () => {
  it('is stored in pieces, by one request', async () => {
    await download.fetchAll();
    expect(rangesOf()).toEqual(WHOLE_IN_PIECES);
    expect(download.isComplete).toBe(true);
    expect(host.asked).toEqual([rangeOf(0)]);
    expect(await readAll()).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
  });

  it('uses an answer that is there already', async () => {
    const response = await host.fetch(new Request(url));
    await download.fetchAll({...WHOLE, body: response.body as ReadableStream<Uint8Array<ArrayBuffer>>});
    expect(host.asked).toEqual([null]);
    expect(await readAll()).toEqual(FILE);
  });

  it('is not complete before all of it is stored', async () => {
    host.holdAt(99);
    const all = download.fetchAll();
    await eventually(() => expect(rangesOf()).toHaveLength(9));
    expect(download.isComplete).toBe(false);
    host.goOn();
    await all;
    expect(download.isComplete).toBe(true);
  });

  it('is one for all that want the complete file', async () => {
    await Promise.all([download.fetchAll(), download.fetchAll()]);
    expect(host.asked).toHaveLength(1);
  });

  it('has the headers of the file', async () => {
    await begin({'content-type': 'model/onnx'});
    expect([...download.headers]).toEqual([['content-type', 'model/onnx']]);
    expect(download.size).toBe(SIZE);
  });
});

describe('a reader', () => {
  it('gets bytes as they arrive, before a piece is stored', async () => {
    host.holdAt(6);
    download.fetchAll().catch(() => undefined);
    const reader = download.read(WHOLE).getReader();
    expect(await take(reader, 6)).toEqual([...FILE.slice(0, 6)]);
    expect(rangesOf()).toEqual([]);
    await reader.cancel();
  });

  it('gets its range, and nothing else', async () => {
    await download.fetchAll();
    expect(await readAll({start: 7, end: 34})).toEqual(FILE.slice(7, 34));
    expect(await readAll({start: 99, end: 100})).toEqual(FILE.slice(99));
    expect(await readAll({start: 10, end: 20})).toEqual(FILE.slice(10, 20));
  });

  it('that is slow holds up neither the network nor storage', async () => {
    const reader = download.read(WHOLE).getReader();
    const first = await Promise.all([take(reader, 1), download.fetchAll()]);
    expect(download.isComplete).toBe(true);
    const rest = await take(reader, SIZE);
    expect([...first[0], ...rest]).toEqual([...FILE]);
    expect(host.asked).toHaveLength(1);
  });

  it('that stands still is not waited for', async () => {
    vi.useFakeTimers({toFake: ['setTimeout']});
    const reader = download.read(WHOLE).getReader();
    await Promise.all([take(reader, 1), download.fetchAll()]);
    expect(download.isComplete).toBe(true);
    await reader.cancel();
  });

  it('that is slow keeps nothing in memory, and reads stored pieces', async () => {
    const reader = download.read(WHOLE).getReader();
    await download.fetchAll();
    const other = bytesOf(PIECE, 7);
    await (await caches.open(piecesName)).put(entryOf(20, 30), new Response(other));
    const bytes = await take(reader, SIZE);
    expect(bytes.slice(20, 30)).toEqual([...other]);
    expect(bytes.slice(30)).toEqual([...FILE.slice(30)]);
  });

  it('that comes late gets at once what is there, and follows', async () => {
    host.holdAt(56);
    const all = download.fetchAll();
    await eventually(() => expect(rangesOf()).toHaveLength(5));
    const reader = download.read(WHOLE).getReader();
    const first = await take(reader, 56);
    expect(first).toEqual([...FILE.slice(0, 56)]);
    host.goOn();
    expect([...first, ...(await take(reader, SIZE))]).toEqual([...FILE]);
    await all;
    expect(host.asked).toHaveLength(1);
  });

  it('shares a download with others, each at its own pace', async () => {
    const slow = download.read(WHOLE).getReader();
    const [first] = await Promise.all([take(slow, 1), download.fetchAll(), readAll(), readAll()]);
    const parts = await Promise.all([readAll(), readAll({start: 30, end: 70}), take(slow, SIZE)]);
    expect(parts).toEqual([FILE, FILE.slice(30, 70), [...FILE.slice(first.length)]]);
    expect(host.asked).toHaveLength(1);
  });

  it('gets the right bytes of a damaged piece, which is fetched again', async () => {
    await download.fetchAll();
    await (await caches.open(piecesName)).put(entryOf(20, 30), new Response('short'));
    expect(await readAll()).toEqual(FILE);
    expect(host.asked).toEqual([rangeOf(0), rangeOf(20, 30)]);
    await eventually(() => expect(rangesOf()).toEqual(WHOLE_IN_PIECES));
  });
});

describe('a disk that cannot be read', () => {
  it('does not end a reader: the piece is fetched again', async () => {
    await download.fetchAll();
    const {match} = CacheStorage.prototype;
    vi.spyOn(CacheStorage.prototype, 'match').mockImplementation(async function (
      this: CacheStorage,
      request,
      options,
    ) {
      if (request === entryOf(20, 30)) {
        throw new DOMException('broken', 'UnknownError');
      }
      return match.call(this, request, options);
    });
    expect(await readAll()).toEqual(FILE);
    expect(host.asked).toEqual([rangeOf(0), rangeOf(20, 30)]);
  });

  it('does not end a reader in the middle of a piece', async () => {
    await download.fetchAll();
    vi.spyOn(store, 'read').mockImplementationOnce(async (_range, offset) =>
      Object.defineProperty(new Blob(), 'stream', {
        value: () =>
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(FILE.slice(offset, offset + 4));
            },
            pull: (controller) => {
              controller.error(new DOMException('broken', 'NotReadableError'));
            },
          }),
      }),
    );
    expect(await readAll()).toEqual(FILE);
    expect(host.asked).toEqual([rangeOf(0), rangeOf(4, 10)]);
  });
});

it('a reader that finds bytes in memory does not go back to what it had open', async () => {
  await download.fetchAll();
  const reader = download.read(WHOLE).getReader();
  const stream = () =>
    new ReadableStream({
      start: (controller) => {
        for (const at of [0, 4, 8]) {
          controller.enqueue(FILE.slice(at, Math.min(at + 4, 10)));
        }
        controller.close();
      },
    });
  vi.spyOn(store, 'read').mockImplementationOnce(async () =>
    Object.defineProperty(new Blob(), 'stream', {value: stream}),
  );
  const first = await take(reader, 4);
  // The piece is gone behind the reader's back. Another reader has it fetched again, so it is in memory.
  await store.forget({...(store.ranges[0] as ByteRange)});
  store.ranges.shift();
  host.holdAt(8);
  const other = download.read({start: 0, end: 10}).getReader();
  await take(other, 8);
  const second = await take(reader, 4);
  host.goOn();
  await take(other, 2);
  await eventually(() => expect(rangesOf()[0]).toEqual([0, 10]));
  expect([...first, ...second, ...(await take(reader, SIZE))]).toEqual([...FILE]);
});

describe('memory', () => {
  it('holds a few pieces, and nothing more is fetched until storage has taken them', async () => {
    const release = holdStorage();
    const all = download.fetchAll();
    await eventually(() => expect(host.sent).toBeGreaterThanOrEqual(PIECE));
    await settled(() => host.sent);
    expect(host.sent).toBeLessThanOrEqual(4 * PIECE);
    release();
    await all;
    expect(await readAll()).toEqual(FILE);
  });
});

describe('storage that fails', () => {
  it('does not keep readers from their bytes', async () => {
    failAfter(0);
    const bytes = readAll();
    await expect(download.fetchAll()).rejects.toMatchObject({name: 'QuotaExceededError'});
    expect(await bytes).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
    expect(rangesOf()).toEqual([]);
  });

  it('does not keep readers from their bytes when it fails in the middle', async () => {
    const reader = download.read(WHOLE).getReader();
    host.holdAt(56);
    const all = download.fetchAll();
    await eventually(() => expect(rangesOf()).toHaveLength(5));
    failAfter(0);
    host.goOn();
    expect(await take(reader, SIZE)).toEqual([...FILE]);
    await expect(all).rejects.toMatchObject({name: 'QuotaExceededError'});
    expect(host.asked).toHaveLength(1);
    expect(rangesOf().slice(0, 5)).toEqual(WHOLE_IN_PIECES.slice(0, 5));
  });

  it('gets a complete piece once more when room was made', async () => {
    const {put} = Cache.prototype;
    let room = 3;
    registerQuotaErrorCallback(async () => {
      room = Number.POSITIVE_INFINITY;
    });
    vi.spyOn(Cache.prototype, 'put').mockImplementation(async function (this: Cache, key, response) {
      room -= 1;
      if (room >= 0) {
        return put.call(this, key, response);
      }
      await response.arrayBuffer();
      throw new DOMException('full', 'QuotaExceededError');
    });
    const bytes = readAll();
    await download.fetchAll();
    expect(await bytes).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
    expect(rangesOf()).toEqual(WHOLE_IN_PIECES);
    expect(new Uint8Array(await new Response(await store.readAll()).arrayBuffer())).toEqual(FILE);
  });

  it('lets the slowest reader set the pace', async () => {
    failAfter(0);
    const slow = download.read(WHOLE).getReader();
    const all = download.fetchAll();
    all.catch(() => undefined);
    const first = await take(slow, 1);
    await settled(() => host.sent);
    expect(host.sent).toBeLessThanOrEqual(4 * PIECE);
    expect([...first, ...(await take(slow, SIZE))]).toEqual([...FILE]);
    await expect(all).rejects.toThrow('full');
  });

  it('leaves nothing out for a reader that comes late', async () => {
    failAfter(0);
    const first = download.read(WHOLE).getReader();
    download.fetchAll().catch(() => undefined);
    const begun = await take(first, 41);
    const late = readAll();
    const rest = await take(first, SIZE);
    expect([...begun, ...rest]).toEqual([...FILE]);
    expect(await late).toEqual(FILE);
  });

  it('is reported', async () => {
    failAfter(0);
    await download.fetchAll().catch(() => undefined);
    await eventually(() => expect(reports.at(-1)).toMatchObject({key: url, state: 'failed'}));
  });
});

describe('a connection that is cut', () => {
  it('resumes at the byte where it was cut', async () => {
    host.cuts.push(37);
    const bytes = readAll();
    await download.fetchAll();
    expect(host.asked).toEqual([rangeOf(0), rangeOf(37)]);
    expect(host.sent).toBe(SIZE);
    expect(await bytes).toEqual(FILE);
    expect(rangesOf()).toEqual(cutAt(0, 10, 20, 30, 37, 40, 50, 60, 70, 80, 90));
    expect(await readAll()).toEqual(FILE);
  });

  it('resumes over many cuts, as long as something arrives', async () => {
    host.cuts.push(3, 10, 11, 20, 37, 38, 39, 55, 77, 99);
    const bytes = readAll();
    await download.fetchAll();
    expect(host.asked).toHaveLength(11);
    expect(host.sent).toBe(SIZE);
    expect(await bytes).toEqual(FILE);
    expect(pauses.map(([attempt]) => attempt)).toEqual(Array(10).fill(1));
  });

  it('is tried again with growing pauses, and fails at last', async () => {
    host.instead.push(...Array.from({length: 7}, () => new TypeError('Failed to fetch')));
    const all = download.fetchAll();
    const bytes = readAll();
    bytes.catch(() => undefined);
    await expect(all).rejects.toThrow('Failed to fetch');
    await expect(bytes).rejects.toThrow('Failed to fetch');
    expect(pauses.map(([attempt]) => attempt)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(host.asked).toHaveLength(7);
    expect(download.isOver).toBe(true);
  });

  it('that is silent for half a minute is closed, and another one is tried', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    host.holdAt(36);
    const all = download.fetchAll();
    await settled(() => rangesOf().length);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(host.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    vi.useRealTimers();
    await eventually(() => expect(host.asked).toEqual([rangeOf(0), rangeOf(36)]));
    host.goOn();
    await all;
    expect(await readAll()).toEqual(FILE);
  });

  it('that a host ends too early resumes, too', async () => {
    const body = new Blob([FILE.slice(0, 25)]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
    await download.fetchAll({...WHOLE, body});
    expect(host.asked).toEqual([rangeOf(25)]);
    expect(await readAll()).toEqual(FILE);
  });

  it('resumes with a host without ranges, which begins at the beginning', async () => {
    host.takesRanges = false;
    host.cuts.push(37);
    const bytes = readAll();
    await download.fetchAll();
    expect(host.sent).toBe(SIZE + 37);
    expect(await bytes).toEqual(FILE);
  });

  it('is tried again when its signature has expired', async () => {
    host.instead.push(new Response('expired', {status: 403}));
    await download.fetchAll();
    expect(pauses).toEqual([]);
    expect(await readAll()).toEqual(FILE);
  });

  it('is tried again no sooner than the host asks', async () => {
    host.instead.push(new Response('busy', {status: 503, headers: {'retry-after': '7'}}));
    await download.fetchAll();
    expect(pauses).toEqual([[1, 7000]]);
  });

  it('fails where the host asks to be left alone for long', async () => {
    host.instead.push(new Response('busy', {status: 429, headers: {'retry-after': '3600'}}));
    await expect(download.fetchAll()).rejects.toMatchObject({status: 429});
    expect(pauses).toEqual([]);
  });

  it('takes no more than the announced range', async () => {
    const body = new Blob([FILE.slice(0, 60)]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
    await download.fetchAll({start: 0, end: 40, body});
    expect(host.asked).toEqual([rangeOf(40)]);
    expect(pauses).toEqual([]);
    expect(await readAll()).toEqual(FILE);
  });

  it.each([404, 410, 401])('fails at once when the host answers with %i', async (status) => {
    host.cuts.push(37);
    host.holdAt(37);
    const all = download.fetchAll();
    const bytes = readAll();
    bytes.catch(() => undefined);
    await eventually(() => expect(host.sent).toBe(37));
    host.instead.push(new Response('no', {status}));
    host.goOn();
    await expect(all).rejects.toBeInstanceOf(UpstreamFailure);
    expect(pauses).toHaveLength(1);
    await expect(bytes).rejects.toMatchObject({status});
    // Nobody needs pieces of a file that is gone.
    expect(rangesOf()).toEqual(status === 410 ? [] : cutAt(0, 10, 20, 30, 37).slice(0, 4));
  });

  it('brings no bytes of a file that was replaced meanwhile', async () => {
    host.cuts.push(37);
    const reader = download.read(WHOLE).getReader();
    host.holdAt(37);
    const all = download.fetchAll();
    all.catch(() => undefined);
    const bytes = await take(reader, 37);
    host.file = bytesOf(SIZE, 7);
    host.headers = {etag: '"two"'};
    host.goOn();
    await expect(all).rejects.toBeInstanceOf(FileChanged);
    await expect(take(reader, SIZE)).rejects.toBeInstanceOf(FileChanged);
    expect(bytes).toEqual([...FILE.slice(0, 37)]);
  });
});

describe('what is stored of an earlier attempt', () => {
  const interruptAt = async (offset: number): Promise<void> => {
    host.holdAt(offset);
    const reader = download.read(WHOLE).getReader();
    download.fetchAll().catch(() => undefined);
    await take(reader, offset);
    await reader.cancel();
    await download.whenIdle();
    host.goOn();
    host.asked.length = 0;
    host.sent = 0;
    await begin();
  };

  it('is not fetched again', async () => {
    await interruptAt(56);
    expect(rangesOf()).toEqual(cutAt(0, 10, 20, 30, 40, 50, 56).slice(0, 6));
    const bytes = readAll();
    await download.fetchAll();
    expect(host.asked).toEqual([rangeOf(56)]);
    expect(host.sent).toBe(44);
    expect(await bytes).toEqual(FILE);
  });

  it('has gaps between ranges, which are fetched', async () => {
    await readAll({start: 75, end: 83});
    await readAll({start: 20, end: 40});
    await download.whenIdle();
    host.asked.length = 0;
    await begin();
    expect(rangesOf()).toEqual([
      [20, 30],
      [30, 40],
      [75, 80],
      [80, 83],
    ]);
    await download.fetchAll();
    expect(host.asked).toEqual([rangeOf(0, 20), rangeOf(40, 75), rangeOf(83)]);
    expect(download.isComplete).toBe(true);
    expect(await readAll()).toEqual(FILE);
  });

  it('needs no request when it is complete', async () => {
    await download.fetchAll();
    host.asked.length = 0;
    await begin();
    await download.fetchAll();
    expect(host.asked).toEqual([]);
    expect(await readAll()).toEqual(FILE);
  });
});

describe('a range', () => {
  it('that the host refuses harms only its own reader', async () => {
    host.holdAt(36);
    const all = download.fetchAll();
    all.catch(() => undefined);
    const whole = readAll();
    whole.catch(() => undefined);
    await eventually(() => expect(host.sent).toBe(36));
    host.instead.push(new Response('no', {status: 404}));
    const part = drain(download.read({start: SIZE - 20, end: SIZE - 10}));
    await expect(part).rejects.toMatchObject({status: 404});
    host.goOn();
    expect(await whole).toEqual(host.file);
    await all;
  });

  it('is fetched just as wanted, and stored', async () => {
    expect(await readAll({start: 42, end: 47})).toEqual(FILE.slice(42, 47));
    await download.whenIdle();
    expect(host.asked).toEqual([rangeOf(42, 47)]);
    expect(rangesOf()).toEqual([[42, 47]]);
    expect(await readAll({start: 43, end: 45})).toEqual(FILE.slice(43, 45));
    expect(host.asked).toHaveLength(1);
  });

  it('far behind what is being fetched gets a request of its own', async () => {
    host.holdAt(6);
    const all = download.fetchAll();
    await eventually(() => expect(host.sent).toBe(6));
    expect(await readAll({start: 82, end: 87})).toEqual(FILE.slice(82, 87));
    host.goOn();
    await all;
  });

  it('that comes next is waited for', async () => {
    host.holdAt(6);
    const all = download.fetchAll();
    await eventually(() => expect(host.sent).toBe(6));
    const bytes = readAll({start: 12, end: 15});
    host.goOn();
    expect(await bytes).toEqual(FILE.slice(12, 15));
    await all;
    expect(host.asked).toEqual([rangeOf(0)]);
  });

  it('that begins in a stored piece and ends behind it is fetched from there on', async () => {
    await readAll({start: 40, end: 50});
    await download.whenIdle();
    expect(await readAll({start: 45, end: 55})).toEqual(FILE.slice(45, 55));
    expect(host.asked).toEqual([rangeOf(40, 50), rangeOf(50, 55)]);
  });

  it('that ends in a stored piece is fetched up to it', async () => {
    await readAll({start: 40, end: 50});
    await download.whenIdle();
    expect(await readAll({start: 35, end: 45})).toEqual(FILE.slice(35, 45));
    expect(host.asked).toEqual([rangeOf(40, 50), rangeOf(35, 40)]);
  });

  it('that overlaps others is fetched once', async () => {
    const wanted = [
      {start: 25, end: 45},
      {start: 35, end: 55},
      {start: 20, end: 40},
      {start: 50, end: 52},
      {start: 38, end: 41},
    ];
    const bytes = await Promise.all([...wanted.map(readAll), download.fetchAll()]);
    expect(bytes.slice(0, -1)).toEqual(wanted.map(({start, end}) => FILE.slice(start, end)));
    await download.whenIdle();
    expect(download.isComplete).toBe(true);
    expect(await readAll()).toEqual(FILE);
  });
});

describe('in any course of events', () => {
  const offset = fc.nat(SIZE - 1);
  const reader = fc.record({
    bounds: fc.tuple(offset, offset).map(([a, b]) => ({start: Math.min(a, b), end: Math.max(a, b) + 1})),
    /** After so many bytes it leaves. */
    patience: fc.oneof(fc.constant(SIZE), fc.nat(SIZE)),
    /** It waits for storage so many times before it begins. */
    delay: fc.nat(8),
  });
  const course = fc.record({
    readers: fc.array(reader, {minLength: 1, maxLength: 5}),
    cuts: fc.uniqueArray(offset, {maxLength: 5}),
    takesRanges: fc.boolean(),
    isFetchedWhole: fc.boolean(),
    damaged: fc.option(fc.nat(9)),
    failsFrom: fc.option(fc.nat(12)),
  });

  it('every reader gets the bytes of its range, and what is stored is right', async () => {
    await fc.assert(
      fc.asyncProperty(course, async ({readers, cuts, takesRanges, isFetchedWhole, damaged, failsFrom}) => {
        vi.restoreAllMocks();
        await caches.delete(piecesName);
        host = new Host(FILE, 4);
        host.takesRanges = takesRanges;
        host.cuts.push(...cuts);
        vi.stubGlobal('fetch', host.fetch);
        await begin();
        failAfter(failsFrom ?? Number.POSITIVE_INFINITY);
        // One that stays to the end.
        const stayed = download.read(WHOLE).getReader();
        const whole = isFetchedWhole ? download.fetchAll().catch((error: Error) => error.name) : undefined;
        const reading = readers.map(async ({bounds, patience, delay}) => {
          await turns(delay);
          if (download.isOver) {
            return;
          }
          const one = download.read(bounds).getReader();
          const bytes = await take(one, patience);
          await one.cancel();
          expect(bytes).toEqual([...FILE.subarray(bounds.start, bounds.start + bytes.length)]);
          expect(bytes.length).toBeGreaterThanOrEqual(Math.min(patience, bounds.end - bounds.start));
        });
        if (damaged !== null) {
          await (await caches.open(piecesName)).delete(entryOf(damaged * 10, damaged * 10 + 10));
        }
        expect(await take(stayed, SIZE)).toEqual([...FILE]);
        await Promise.all(reading);
        expect(await whole).toBeOneOf([undefined, 'QuotaExceededError', 'AbortError']);
        await download.whenIdle();
        vi.restoreAllMocks();
        for (const range of [...store.ranges]) {
          const blob = await store.read(range, range.start);
          expect([undefined, ...FILE.slice(range.start, range.end)]).toEqual([
            undefined,
            ...(blob ? new Uint8Array(await blob.arrayBuffer()) : FILE.slice(range.start, range.end)),
          ]);
        }
        const ends = rangesOf();
        expect(ends.every(([start], index) => start >= (ends[index - 1]?.[1] ?? 0))).toBe(true);
        await begin();
        await download.fetchAll();
        expect(download.isComplete).toBe(true);
        expect(await readAll()).toEqual(FILE);
      }),
      {numRuns: 60},
    );
  }, 120_000);
});

describe('asking for what is missing', () => {
  const ask = async (range: ByteRange) => {
    const part = await download.schedule.ask(range);
    await part?.body.cancel();
    return part && [part.start, part.end];
  };

  it('asks for the first gap of what is wanted', async () => {
    await readAll({start: 40, end: 50});
    await download.whenIdle();
    expect(await ask({start: 40, end: 60})).toEqual([50, 60]);
    expect(await ask({start: 30, end: 60})).toEqual([30, 40]);
  });

  it('asks for nothing that is stored', async () => {
    await readAll({start: 40, end: 50});
    await download.whenIdle();
    expect(await ask({start: 43, end: 48})).toBeUndefined();
    expect(host.asked).toHaveLength(1);
  });

  it.each([0, 3, 6, 10, 16, 17])('asks for nothing that is in progress: after %i bytes', async (offset) => {
    host.holdAt(offset);
    const all = download.fetchAll();
    await eventually(() => expect(host.sent).toBe(offset));
    await settled(() => store.ranges.length);
    expect(await ask(WHOLE)).toBeUndefined();
    expect(host.asked).toHaveLength(1);
    host.goOn();
    await all;
  });

  it('rejects with what keeps the host from answering', async () => {
    host.instead.push(new TypeError('Failed to fetch'));
    await expect(ask(WHOLE)).rejects.toThrow('Failed to fetch');
    expect(download.isOver).toBe(false);
  });
});

describe('when readers leave', () => {
  const begun = async () => {
    host.holdAt(36);
    const readers = [download.read(WHOLE).getReader(), download.read(WHOLE).getReader()] as const;
    const all = download.fetchAll();
    all.catch(() => undefined);
    await Promise.all(readers.map((reader) => take(reader, 36)));
    return {readers, all};
  };

  it('the download continues for those that stay', async () => {
    const {readers, all} = await begun();
    await readers[0].cancel();
    host.goOn();
    expect(await take(readers[1], SIZE)).toEqual([...FILE.slice(36)]);
    await all;
    expect(download.isOver).toBe(false);
  });

  it('the last one stops the download, and what is stored stays', async () => {
    const {readers, all} = await begun();
    await readers[0].cancel();
    expect(host.open).toBe(1);
    await readers[1].cancel();
    await expect(all).rejects.toMatchObject({name: 'AbortError'});
    await download.whenIdle();
    expect(host.open).toBe(0);
    expect(host.asked).toHaveLength(1);
    expect(download.isOver).toBe(true);
    expect(rangesOf()).toEqual(cutAt(0, 10, 20, 30, 36).slice(0, 4));
    // The download of an earlier test may still report.
    await eventually(() =>
      expect(reports).toContainEqual(expect.objectContaining({state: 'aborted', bytes: 36})),
    );
  });

  it('at the end of their ranges, nothing stops', async () => {
    host.holdAt(36);
    const all = download.fetchAll();
    expect(await readAll({start: 0, end: 20})).toEqual(FILE.slice(0, 20));
    host.goOn();
    await all;
    expect(download.isComplete).toBe(true);
  });
});

describe('a hold', () => {
  it('keeps a download going without a reader', async () => {
    host.holdAt(36);
    const release = download.hold();
    const reader = download.read(WHOLE).getReader();
    const all = download.fetchAll();
    await take(reader, 36);
    await reader.cancel();
    host.goOn();
    await all;
    release();
    expect(download.isComplete).toBe(true);
    expect(download.isOver).toBe(false);
  });

  it('stops the download when it ends, and no reader is left', async () => {
    host.holdAt(36);
    const [first, second] = [download.hold(), download.hold()];
    const all = download.fetchAll();
    all.catch(() => undefined);
    await eventually(() => expect(host.sent).toBe(36));
    first();
    // A second call changes nothing.
    first();
    expect(download.isOver).toBe(false);
    second();
    await expect(all).rejects.toMatchObject({name: 'AbortError'});
    await download.whenIdle();
    expect(host.open).toBe(0);
  });

  it('leaves the download to its readers', async () => {
    const release = download.hold();
    const bytes = readAll();
    release();
    expect(await bytes).toEqual(FILE);
  });

  it('does not keep a download going when nothing can be stored', async () => {
    failAfter(0);
    const release = download.hold();
    host.holdAt(50);
    await expect(download.fetchAll()).rejects.toMatchObject({name: 'QuotaExceededError'});
    expect(host.open).toBe(0);
    expect(host.sent).toBeLessThan(50);
    release();
  });
});

describe('dropped', () => {
  it('it stores nothing more, and readers get the rest from the host', async () => {
    host.holdAt(36);
    const bytes = readAll();
    const all = download.fetchAll();
    all.catch(() => undefined);
    await eventually(() => expect(rangesOf()).toHaveLength(3));
    await download.drop(new NotStored('release-evicted'));
    expect(await filesInPieces()).toEqual([]);
    host.goOn();
    expect(await bytes).toEqual(FILE);
    await expect(all).rejects.toMatchObject({reason: 'release-evicted'});
    expect(await filesInPieces()).toEqual([]);
  });

  it('it stops without readers', async () => {
    host.holdAt(36);
    download.hold();
    const all = download.fetchAll();
    all.catch(() => undefined);
    await eventually(() => expect(host.sent).toBe(36));
    await download.drop(new NotStored('release-evicted'));
    await expect(all).rejects.toMatchObject({reason: 'release-evicted'});
    await download.whenIdle();
    expect(host.open).toBe(0);
  });
});

it('a signal ends a reader with its reason', async () => {
  host.holdAt(36);
  const controller = new AbortController();
  const reader = download.read(WHOLE, controller.signal).getReader();
  await take(reader, 36);
  const next = reader.read();
  controller.abort(new Error('not wanted'));
  await expect(next).rejects.toThrow('not wanted');
  await download.whenIdle();
  expect(host.open).toBe(0);
  expect(download.isOver).toBe(true);
});

describe('the end', () => {
  it('waits for readers, then deletes the pieces', async () => {
    await download.fetchAll();
    const reader = download.read(WHOLE).getReader();
    const bytes = await take(reader, 1);
    const finished = download.finish('done');
    await settled(() => store.ranges.length);
    expect(rangesOf()).toEqual(WHOLE_IN_PIECES);
    expect([...bytes, ...(await take(reader, SIZE))]).toEqual([...FILE]);
    await finished;
    expect(await filesInPieces()).toEqual([]);
    expect(download.isOver).toBe(true);
  });

  it('comes at once for a file that was replaced', async () => {
    host.holdAt(36);
    const bytes = readAll();
    bytes.catch(() => undefined);
    const all = download.fetchAll();
    all.catch(() => undefined);
    await eventually(() => expect(rangesOf()).toHaveLength(3));
    await download.discard();
    await download.whenIdle();
    await expect(bytes).rejects.toMatchObject({name: 'AbortError'});
    expect(await filesInPieces()).toEqual([]);
    expect(host.open).toBe(0);
  });

  it('is quiet when no reader is left', async () => {
    await download.fetchAll();
    const reading = readAll();
    const quiet = vi.fn();
    const whenQuiet = download.readers.whenQuiet().then(quiet);
    await reading;
    await whenQuiet;
    expect(quiet).toHaveBeenCalledOnce();
  });

  it('is quiet when the readers have stood still for a second', async () => {
    await download.fetchAll();
    const reader = download.read(WHOLE).getReader();
    await take(reader, 1);
    vi.useFakeTimers({toFake: ['setTimeout']});
    const quiet = vi.fn();
    const whenQuiet = download.readers.whenQuiet().then(quiet);
    await take(reader, 1);
    await vi.advanceTimersByTimeAsync(1000);
    await take(reader, 1);
    await vi.advanceTimersByTimeAsync(999);
    expect(quiet).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1001);
    await whenQuiet;
    vi.useRealTimers();
    await reader.cancel();
  });
});

describe('progress', () => {
  const last = () => reports.at(-1);

  it('is reported at the beginning and at the end', async () => {
    await download.fetchAll();
    await download.finish('done');
    await eventually(() => expect(last()?.state).toBe('done'));
    expect(reports[0]).toEqual({
      key: url,
      state: 'running',
      bytes: 0,
      totalBytes: SIZE,
      bytesPerSecond: 0,
      secondsLeft: undefined,
    });
    expect(last()).toMatchObject({key: url, bytes: SIZE, totalBytes: SIZE, secondsLeft: 0});
  });

  it('is reported while bytes arrive', async () => {
    host.holdAt(48);
    const all = download.fetchAll();
    await eventually(() => expect(last()).toMatchObject({state: 'running', bytes: 48}));
    host.goOn();
    await all;
  });

  it('continues to count where an earlier attempt stopped', async () => {
    await readAll({start: 0, end: 30});
    await download.whenIdle();
    expect(reports).toEqual([]);
    await begin();
    await download.fetchAll();
    await eventually(() => expect(reports[0]).toMatchObject({state: 'running', bytes: 30}));
  });
});
