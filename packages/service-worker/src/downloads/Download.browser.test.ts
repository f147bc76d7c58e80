import fc from 'fast-check';
import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {Download} from './Download.ts';
import type {DownloadProgress} from './events.ts';
import {filesInPieces, PieceStore} from './PieceStore.ts';
import type {Segment} from './segments.ts';
import {entryOf} from './testing/entryOf.ts';
import {bytesOf, drain, Host} from './testing/Host.ts';
import {FileChanged, Upstream, UpstreamFailure} from './Upstream.ts';

const pauses = vi.hoisted(() => [] as [attempt: number, error: unknown][]);

// How long they are is tested beside it.
vi.mock('./pauseBefore.ts', () => ({
  pauseBefore: async (attempt: number, error: unknown, signal: AbortSignal) => {
    signal.throwIfAborted();
    pauses.push([attempt, error]);
  },
}));

const KEY = 'https://a.test/model.onnx';
const PLACE = {home: 'models', key: KEY};
const CACHE = `holdfast-large-files models ${KEY}`;
const SIZE = 100;
const PIECE = 10;
const FILE = bytesOf(SIZE);
const WHOLE = {start: 0, end: SIZE};

let host: Host;
let store: PieceStore;
let download: Download;
let reports: DownloadProgress[];
let channel: BroadcastChannel;

beforeEach(async () => {
  host = new Host(FILE, 4);
  pauses.length = 0;
  reports = [];
  channel = new BroadcastChannel('holdfast');
  channel.onmessage = ({data}) => reports.push(data.payload);
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

/** Begins the download, or goes on with what is stored. */
const begin = async (headers: Record<string, string> = {}): Promise<void> => {
  store = await PieceStore.resume(PLACE);
  const facts = {size: SIZE, validator: '"one"', headers: Object.entries(headers)};
  await store.describe(facts);
  download = new Download(store, facts, new Upstream(new Request(KEY), facts), PIECE);
};

/** All that a reader gets. */
const readAll = (segment: Segment = WHOLE): Promise<Uint8Array> => drain(download.read(segment));

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

const segmentsOf = (): [number, number][] => store.segments.map(({start, end}) => [start, end]);

/** The parts of the file, by where they begin. */
const cutAt = (...bounds: number[]): [number, number][] =>
  bounds.map((start, index) => [start, bounds[index + 1] ?? SIZE]);

const WHOLE_IN_PIECES = cutAt(0, 10, 20, 30, 40, 50, 60, 70, 80, 90);

/** What is asked of the host for a run of bytes. */
const rangeOf = (start: number, end = SIZE): string => `bytes=${start}-${end - 1}`;

/** Storage takes nothing in until it is let. */
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

/** Storage takes so many entries, and then no more. */
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

/** As long as it takes to look into storage so many times. */
const turns = async (count: number): Promise<void> => {
  for (let times = 0; times < count; times += 1) {
    await caches.has('nothing');
  }
};

/** Resolves when nothing has moved any more for as long as it takes to do a few things. */
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
    expect(segmentsOf()).toEqual(WHOLE_IN_PIECES);
    expect(download.isWhole).toBe(true);
    expect(host.asked).toEqual([rangeOf(0)]);
    expect(await readAll()).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
  });

  it('takes an answer that is there already', async () => {
    const response = await host.fetch(new Request(KEY));
    await download.fetchAll({...WHOLE, body: response.body as ReadableStream<Uint8Array<ArrayBuffer>>});
    expect(host.asked).toEqual([null]);
    expect(await readAll()).toEqual(FILE);
  });

  it('is not whole before all of it is stored', async () => {
    host.holdAt(99);
    const all = download.fetchAll();
    await vi.waitFor(() => expect(segmentsOf()).toHaveLength(9));
    expect(download.isWhole).toBe(false);
    host.goOn();
    await all;
    expect(download.isWhole).toBe(true);
  });

  it('is the same one for all who want it whole', async () => {
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
  it('gets bytes while they come, before any piece is stored', async () => {
    host.holdAt(6);
    download.fetchAll().catch(() => undefined);
    const reader = download.read(WHOLE).getReader();
    expect(await take(reader, 6)).toEqual([...FILE.slice(0, 6)]);
    expect(segmentsOf()).toEqual([]);
    await reader.cancel();
  });

  it('gets his part, and nothing else', async () => {
    await download.fetchAll();
    expect(await readAll({start: 7, end: 34})).toEqual(FILE.slice(7, 34));
    expect(await readAll({start: 99, end: 100})).toEqual(FILE.slice(99));
    expect(await readAll({start: 10, end: 20})).toEqual(FILE.slice(10, 20));
  });

  it('who is slow holds neither the network nor storage up', async () => {
    const reader = download.read(WHOLE).getReader();
    const first = await Promise.all([take(reader, 1), download.fetchAll()]);
    expect(download.isWhole).toBe(true);
    const rest = await take(reader, SIZE);
    expect([...first[0], ...rest]).toEqual([...FILE]);
    expect(host.asked).toHaveLength(1);
  });

  it('who stands still is not waited for, not even for a moment', async () => {
    vi.useFakeTimers({toFake: ['setTimeout']});
    const reader = download.read(WHOLE).getReader();
    await Promise.all([take(reader, 1), download.fetchAll()]);
    expect(download.isWhole).toBe(true);
    await reader.cancel();
  });

  it('who is slow keeps nothing in memory: what is stored comes from there', async () => {
    const reader = download.read(WHOLE).getReader();
    await download.fetchAll();
    const other = bytesOf(PIECE, 7);
    await (await caches.open(CACHE)).put(entryOf(20, 30), new Response(other));
    const bytes = await take(reader, SIZE);
    expect(bytes.slice(20, 30)).toEqual([...other]);
    expect(bytes.slice(30)).toEqual([...FILE.slice(30)]);
  });

  it('who comes late gets at once what is there, and follows', async () => {
    host.holdAt(56);
    const all = download.fetchAll();
    await vi.waitFor(() => expect(segmentsOf()).toHaveLength(5));
    const reader = download.read(WHOLE).getReader();
    const first = await take(reader, 56);
    expect(first).toEqual([...FILE.slice(0, 56)]);
    host.goOn();
    expect([...first, ...(await take(reader, SIZE))]).toEqual([...FILE]);
    await all;
    expect(host.asked).toHaveLength(1);
  });

  it('is one of several, each at his own pace, of one download', async () => {
    const slow = download.read(WHOLE).getReader();
    const [first] = await Promise.all([take(slow, 1), download.fetchAll(), readAll(), readAll()]);
    const parts = await Promise.all([readAll(), readAll({start: 30, end: 70}), take(slow, SIZE)]);
    expect(parts).toEqual([FILE, FILE.slice(30, 70), [...FILE.slice(first.length)]]);
    expect(host.asked).toHaveLength(1);
  });

  it('gets the right bytes of a piece that was damaged meanwhile: it is fetched again', async () => {
    await download.fetchAll();
    await (await caches.open(CACHE)).put(entryOf(20, 30), new Response('short'));
    expect(await readAll()).toEqual(FILE);
    expect(host.asked).toEqual([rangeOf(0), rangeOf(20, 30)]);
    await vi.waitFor(() => expect(segmentsOf()).toEqual(WHOLE_IN_PIECES));
  });
});

describe('a disk that cannot be read', () => {
  it('is not the end for a reader: the piece is fetched again', async () => {
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

  it('is not the end for a reader who is in the middle of a piece', async () => {
    await download.fetchAll();
    vi.spyOn(store, 'read').mockImplementationOnce(async (_segment, offset) =>
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

it('a reader who finds bytes in memory does not go back to what he had open', async () => {
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
  // It has gone behind his back. Somebody else has it fetched anew, and it is in memory for a moment.
  await store.forget({...(store.segments[0] as Segment)});
  store.segments.shift();
  host.holdAt(8);
  const other = download.read({start: 0, end: 10}).getReader();
  await take(other, 8);
  const second = await take(reader, 4);
  host.goOn();
  await take(other, 2);
  await vi.waitFor(() => expect(segmentsOf()[0]).toEqual([0, 10]));
  expect([...first, ...second, ...(await take(reader, SIZE))]).toEqual([...FILE]);
});

describe('memory', () => {
  it('holds a few pieces, and no more is fetched until storage has taken them', async () => {
    const release = holdStorage();
    const all = download.fetchAll();
    await vi.waitFor(() => expect(host.sent).toBeGreaterThanOrEqual(PIECE));
    await settled(() => host.sent);
    expect(host.sent).toBeLessThanOrEqual(4 * PIECE);
    release();
    await all;
    expect(await readAll()).toEqual(FILE);
  });
});

describe('storage that fails', () => {
  it('keeps nobody from his bytes', async () => {
    failAfter(0);
    const bytes = readAll();
    await expect(download.fetchAll()).rejects.toMatchObject({name: 'QuotaExceededError'});
    expect(await bytes).toEqual(FILE);
    expect(host.asked).toHaveLength(1);
    expect(segmentsOf()).toEqual([]);
  });

  it('keeps nobody from his bytes when it fails in the middle', async () => {
    const reader = download.read(WHOLE).getReader();
    host.holdAt(56);
    const all = download.fetchAll();
    await vi.waitFor(() => expect(segmentsOf()).toHaveLength(5));
    failAfter(0);
    host.goOn();
    expect(await take(reader, SIZE)).toEqual([...FILE]);
    await expect(all).rejects.toMatchObject({name: 'QuotaExceededError'});
    expect(host.asked).toHaveLength(1);
    expect(segmentsOf().slice(0, 5)).toEqual(WHOLE_IN_PIECES.slice(0, 5));
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

  it('leaves no part out for a reader who comes late', async () => {
    failAfter(0);
    const first = download.read(WHOLE).getReader();
    download.fetchAll().catch(() => undefined);
    const begun = await take(first, 41);
    const late = readAll();
    const rest = await take(first, SIZE);
    expect([...begun, ...rest]).toEqual([...FILE]);
    expect(await late).toEqual(FILE);
  });

  it('is told', async () => {
    failAfter(0);
    await download.fetchAll().catch(() => undefined);
    await vi.waitFor(() => expect(reports.at(-1)).toMatchObject({key: KEY, state: 'failed'}));
  });
});

describe('a connection that is cut', () => {
  it('goes on at the byte where it was cut', async () => {
    host.cuts.push(37);
    const bytes = readAll();
    await download.fetchAll();
    expect(host.asked).toEqual([rangeOf(0), rangeOf(37)]);
    expect(host.sent).toBe(SIZE);
    expect(await bytes).toEqual(FILE);
    expect(segmentsOf()).toEqual(cutAt(0, 10, 20, 30, 37, 40, 50, 60, 70, 80, 90));
    expect(await readAll()).toEqual(FILE);
  });

  it('goes on over many cuts, as long as something comes', async () => {
    host.cuts.push(3, 10, 11, 20, 37, 38, 39, 55, 77, 99);
    const bytes = readAll();
    await download.fetchAll();
    expect(host.asked).toHaveLength(11);
    expect(host.sent).toBe(SIZE);
    expect(await bytes).toEqual(FILE);
    expect(pauses.map(([attempt]) => attempt)).toEqual(Array(10).fill(1));
  });

  it('is asked for again and again, with growing pauses, and given up at last', async () => {
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

  it('on which nothing comes for half a minute is given up, and another one is tried', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    host.holdAt(36);
    const all = download.fetchAll();
    await vi.waitFor(() => expect(segmentsOf()).toHaveLength(3), {interval: 1});
    await vi.advanceTimersByTimeAsync(28_000);
    expect(host.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2000);
    await vi.waitFor(() => expect(host.asked).toEqual([rangeOf(0), rangeOf(36)]));
    vi.useRealTimers();
    host.goOn();
    await all;
    expect(await readAll()).toEqual(FILE);
  });

  it('that a host ends too early goes on, too', async () => {
    const body = new Blob([FILE.slice(0, 25)]).stream() as ReadableStream<Uint8Array<ArrayBuffer>>;
    await download.fetchAll({...WHOLE, body});
    expect(host.asked).toEqual([rangeOf(25)]);
    expect(await readAll()).toEqual(FILE);
  });

  it('goes on with a host without ranges, which begins at the beginning', async () => {
    host.takesRanges = false;
    host.cuts.push(37);
    const bytes = readAll();
    await download.fetchAll();
    expect(host.sent).toBe(SIZE + 37);
    expect(await bytes).toEqual(FILE);
  });

  it('is asked for again when its signature has expired, and the next one is right', async () => {
    host.instead.push(new Response('expired', {status: 403}));
    await download.fetchAll();
    expect(pauses).toEqual([[1, expect.objectContaining({status: 403})]]);
    expect(await readAll()).toEqual(FILE);
  });

  it.each([404, 410, 401])('is given up at once when the host says %i', async (status) => {
    host.cuts.push(37);
    host.holdAt(37);
    const all = download.fetchAll();
    const bytes = readAll();
    bytes.catch(() => undefined);
    await vi.waitFor(() => expect(host.sent).toBe(37));
    host.instead.push(new Response('no', {status}));
    host.goOn();
    await expect(all).rejects.toBeInstanceOf(UpstreamFailure);
    expect(pauses).toHaveLength(1);
    await expect(bytes).rejects.toMatchObject({status});
    expect(segmentsOf()).toEqual(cutAt(0, 10, 20, 30, 37).slice(0, 4));
  });

  it('gives no bytes of a file that was replaced meanwhile', async () => {
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
    expect(segmentsOf()).toEqual(cutAt(0, 10, 20, 30, 40, 50, 56).slice(0, 6));
    const bytes = readAll();
    await download.fetchAll();
    expect(host.asked).toEqual([rangeOf(56)]);
    expect(host.sent).toBe(44);
    expect(await bytes).toEqual(FILE);
  });

  it('has gaps where ranges were wanted, and these are fetched', async () => {
    await readAll({start: 75, end: 83});
    await readAll({start: 20, end: 40});
    await download.whenIdle();
    host.asked.length = 0;
    await begin();
    expect(segmentsOf()).toEqual([
      [20, 30],
      [30, 40],
      [75, 80],
      [80, 83],
    ]);
    await download.fetchAll();
    expect(host.asked).toEqual([rangeOf(0, 20), rangeOf(40, 75), rangeOf(83)]);
    expect(download.isWhole).toBe(true);
    expect(await readAll()).toEqual(FILE);
  });

  it('is all there is to do, when it is whole', async () => {
    await download.fetchAll();
    host.asked.length = 0;
    await begin();
    await download.fetchAll();
    expect(host.asked).toEqual([]);
    expect(await readAll()).toEqual(FILE);
  });
});

describe('a range', () => {
  it('that the host refuses harms nobody but who wanted it', async () => {
    host.holdAt(36);
    const all = download.fetchAll();
    all.catch(() => undefined);
    const whole = readAll();
    whole.catch(() => undefined);
    await vi.waitFor(() => expect(host.sent).toBe(36));
    host.instead.push(new Response('no', {status: 404}));
    const part = drain(download.read({start: SIZE - 20, end: SIZE - 10}));
    await expect(part).rejects.toMatchObject({status: 404});
    host.goOn();
    expect(await whole).toEqual(host.file);
    await all;
  });

  it('is fetched just as wanted, and kept', async () => {
    expect(await readAll({start: 42, end: 47})).toEqual(FILE.slice(42, 47));
    await download.whenIdle();
    expect(host.asked).toEqual([rangeOf(42, 47)]);
    expect(segmentsOf()).toEqual([[42, 47]]);
    expect(await readAll({start: 43, end: 45})).toEqual(FILE.slice(43, 45));
    expect(host.asked).toHaveLength(1);
  });

  it('far behind a download is not waited for', async () => {
    host.holdAt(6);
    const all = download.fetchAll();
    await vi.waitFor(() => expect(host.sent).toBe(6));
    expect(await readAll({start: 82, end: 87})).toEqual(FILE.slice(82, 87));
    host.goOn();
    await all;
  });

  it('that comes next is waited for', async () => {
    host.holdAt(6);
    const all = download.fetchAll();
    await vi.waitFor(() => expect(host.sent).toBe(6));
    const bytes = readAll({start: 12, end: 15});
    host.goOn();
    expect(await bytes).toEqual(FILE.slice(12, 15));
    await all;
    expect(host.asked).toEqual([rangeOf(0)]);
  });

  it('that begins in what is there and ends behind it is fetched from there on', async () => {
    await readAll({start: 40, end: 50});
    await download.whenIdle();
    expect(await readAll({start: 45, end: 55})).toEqual(FILE.slice(45, 55));
    expect(host.asked).toEqual([rangeOf(40, 50), rangeOf(50, 55)]);
  });

  it('that ends in what is there is fetched up to there', async () => {
    await readAll({start: 40, end: 50});
    await download.whenIdle();
    expect(await readAll({start: 35, end: 45})).toEqual(FILE.slice(35, 45));
    expect(host.asked).toEqual([rangeOf(40, 50), rangeOf(35, 40)]);
  });

  it('of all the ranges that meet in a file is counted once', async () => {
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
    expect(download.isWhole).toBe(true);
    expect(await readAll()).toEqual(FILE);
  });
});

describe('whatever happens', () => {
  const offset = fc.nat(SIZE - 1);
  const reader = fc.record({
    bounds: fc.tuple(offset, offset).map(([a, b]) => ({start: Math.min(a, b), end: Math.max(a, b) + 1})),
    /** After so many bytes he leaves. */
    patience: fc.oneof(fc.constant(SIZE), fc.nat(SIZE)),
    /** He waits for storage so many times before he begins. */
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

  it('everybody gets the bytes of his part, and what is stored is right', async () => {
    await fc.assert(
      fc.asyncProperty(course, async ({readers, cuts, takesRanges, isFetchedWhole, damaged, failsFrom}) => {
        vi.restoreAllMocks();
        await caches.delete(CACHE);
        host = new Host(FILE, 4);
        host.takesRanges = takesRanges;
        host.cuts.push(...cuts);
        vi.stubGlobal('fetch', host.fetch);
        await begin();
        failAfter(failsFrom ?? Number.POSITIVE_INFINITY);
        // One who stays to the end.
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
          await (await caches.open(CACHE)).delete(entryOf(damaged * 10, damaged * 10 + 10));
        }
        expect(await take(stayed, SIZE)).toEqual([...FILE]);
        await Promise.all(reading);
        expect(await whole).toBeOneOf([undefined, 'QuotaExceededError', 'AbortError']);
        await download.whenIdle();
        vi.restoreAllMocks();
        for (const segment of [...store.segments]) {
          const blob = await store.read(segment, segment.start);
          expect([undefined, ...FILE.slice(segment.start, segment.end)]).toEqual([
            undefined,
            ...(blob ? new Uint8Array(await blob.arrayBuffer()) : FILE.slice(segment.start, segment.end)),
          ]);
        }
        const ends = segmentsOf();
        expect(ends.every(([start], index) => start >= (ends[index - 1]?.[1] ?? 0))).toBe(true);
        await begin();
        await download.fetchAll();
        expect(download.isWhole).toBe(true);
        expect(await readAll()).toEqual(FILE);
      }),
      {numRuns: 60},
    );
  });
});

describe('asking for what is missing', () => {
  const ask = async (segment: Segment) => {
    const part = await download.ask(segment);
    await part?.body.cancel();
    return part && [part.start, part.end];
  };

  it('asks for the first gap of what is wanted', async () => {
    await readAll({start: 40, end: 50});
    await download.whenIdle();
    expect(await ask({start: 40, end: 60})).toEqual([50, 60]);
    expect(await ask({start: 30, end: 60})).toEqual([30, 40]);
  });

  it('asks for nothing that is there', async () => {
    await readAll({start: 40, end: 50});
    await download.whenIdle();
    expect(await ask({start: 43, end: 48})).toBeUndefined();
    expect(host.asked).toHaveLength(1);
  });

  it.each([0, 3, 6, 10, 16, 17])(
    'asks for nothing that is on its way: when %i bytes have come',
    async (offset) => {
      host.holdAt(offset);
      const all = download.fetchAll();
      await vi.waitFor(() => expect(host.sent).toBe(offset));
      await settled(() => store.segments.length);
      expect(await ask(WHOLE)).toBeUndefined();
      expect(host.asked).toHaveLength(1);
      host.goOn();
      await all;
    },
  );

  it('tells what keeps the host from answering', async () => {
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

  it('the download goes on for those who stay', async () => {
    const {readers, all} = await begun();
    await readers[0].cancel();
    host.goOn();
    expect(await take(readers[1], SIZE)).toEqual([...FILE.slice(36)]);
    await all;
    expect(download.isOver).toBe(false);
  });

  it('the last one stops the download, and what is there stays', async () => {
    const {readers, all} = await begun();
    await readers[0].cancel();
    expect(host.open).toBe(1);
    await readers[1].cancel();
    await expect(all).rejects.toMatchObject({name: 'AbortError'});
    await download.whenIdle();
    expect(host.open).toBe(0);
    expect(host.asked).toHaveLength(1);
    expect(download.isOver).toBe(true);
    expect(segmentsOf()).toEqual(cutAt(0, 10, 20, 30, 36).slice(0, 4));
    await vi.waitFor(() => expect(reports.at(-1)).toMatchObject({state: 'stopped', bytes: 36}));
  });

  it('at the end of their parts, nothing is stopped', async () => {
    host.holdAt(36);
    const all = download.fetchAll();
    expect(await readAll({start: 0, end: 20})).toEqual(FILE.slice(0, 20));
    host.goOn();
    await all;
    expect(download.isWhole).toBe(true);
  });
});

describe('the end', () => {
  it('waits for those who read, then the pieces go', async () => {
    await download.fetchAll();
    const reader = download.read(WHOLE).getReader();
    const bytes = await take(reader, 1);
    const finished = download.finish('done');
    await settled(() => store.segments.length);
    expect(segmentsOf()).toEqual(WHOLE_IN_PIECES);
    expect([...bytes, ...(await take(reader, SIZE))]).toEqual([...FILE]);
    await finished;
    expect(await filesInPieces()).toEqual([]);
    expect(download.isOver).toBe(true);
  });

  it('comes at once for a file that has been replaced', async () => {
    host.holdAt(36);
    const bytes = readAll();
    bytes.catch(() => undefined);
    const all = download.fetchAll();
    all.catch(() => undefined);
    await vi.waitFor(() => expect(segmentsOf()).toHaveLength(3));
    await download.discard();
    await download.whenIdle();
    await expect(bytes).rejects.toMatchObject({name: 'AbortError'});
    expect(await filesInPieces()).toEqual([]);
    expect(host.open).toBe(0);
  });

  it('is quiet when nobody reads', async () => {
    await download.fetchAll();
    const reading = readAll();
    const quiet = vi.fn();
    const whenQuiet = download.whenQuiet().then(quiet);
    await reading;
    await whenQuiet;
    expect(quiet).toHaveBeenCalledOnce();
  });

  it('is quiet when those who read have stood still for a second', async () => {
    await download.fetchAll();
    const reader = download.read(WHOLE).getReader();
    await take(reader, 1);
    vi.useFakeTimers({toFake: ['setTimeout']});
    const quiet = vi.fn();
    const whenQuiet = download.whenQuiet().then(quiet);
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

  it('is told at the beginning and at the end', async () => {
    await download.fetchAll();
    await download.finish('done');
    await vi.waitFor(() => expect(last()?.state).toBe('done'));
    expect(reports[0]).toEqual({
      key: KEY,
      state: 'running',
      bytes: 0,
      totalBytes: SIZE,
      bytesPerSecond: 0,
      secondsLeft: undefined,
    });
    expect(last()).toMatchObject({key: KEY, bytes: SIZE, totalBytes: SIZE, secondsLeft: 0});
  });

  it('is told ten times a second at most', async () => {
    let now = 1_000_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    host.holdAt(48);
    const all = download.fetchAll();
    await vi.waitFor(() => expect(segmentsOf()).toHaveLength(4));
    now += 100;
    host.goOn();
    await all;
    await download.finish('done');
    await vi.waitFor(() => expect(reports.map(({bytes}) => bytes)).toEqual([0, 50, 100]));
  });

  it('goes on counting where an earlier attempt stopped', async () => {
    await readAll({start: 0, end: 30});
    await download.whenIdle();
    expect(reports).toEqual([]);
    await begin();
    await download.fetchAll();
    await vi.waitFor(() => expect(reports[0]).toMatchObject({state: 'running', bytes: 30}));
  });

  it('tells the speed, and how long it will take', async () => {
    let now = 1_000_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    host.holdAt(20);
    const reader = download.read(WHOLE).getReader();
    const all = download.fetchAll();
    await take(reader, 20);
    now += 1000;
    host.goOn();
    await all;
    await vi.waitFor(() => expect(reports).toHaveLength(2));
    expect(last()).toMatchObject({bytes: 24, bytesPerSecond: 24, secondsLeft: 4});
    await reader.cancel();
  });
});
