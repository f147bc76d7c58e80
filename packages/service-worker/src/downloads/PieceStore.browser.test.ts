import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {ByteRange} from '../http/byteRanges.ts';
import {filesInPieces} from './filesInPieces.ts';
import {Piece} from './Piece.ts';
import {type FileFacts, PieceStore} from './PieceStore.ts';
import {entryOf} from './testing/entryOf.ts';
import {bytesOf} from './testing/Host.ts';

const KEY = 'https://a.test/model.onnx';
const PLACE = {home: 'models', key: KEY};
const CACHE = `holdfast-pieces models ${KEY}`;
const FILE = bytesOf(100);

const facts: FileFacts = {size: 100, validator: '"one"', headers: [['content-type', 'model/onnx']]};

let store: PieceStore;

beforeEach(async () => {
  store = await PieceStore.resume(PLACE);
});

afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

/** A piece of the file, of which so much has arrived. */
const pieceOf = (start: number, plannedEnd: number, end = plannedEnd): Piece => {
  const piece = new Piece(start, plannedEnd);
  for (let offset = start; offset < end; offset += 3) {
    piece.add(FILE.slice(offset, Math.min(offset + 3, end)));
  }
  return piece;
};

const put = (start: number, end: number): Promise<void> => store.put(pieceOf(start, end));

const read = async (range: ByteRange, offset = range.start): Promise<Uint8Array | undefined> => {
  const blob = await store.read(range, offset);
  return blob && new Uint8Array(await blob.arrayBuffer());
};

/** The store as the next worker finds it. */
const reopen = async (): Promise<void> => {
  store = await PieceStore.resume(PLACE);
};

describe('a store of pieces', () => {
  it('is empty at first, and makes no cache', async () => {
    expect(store.facts).toBeUndefined();
    expect(store.ranges).toEqual([]);
    expect(await filesInPieces()).toEqual([]);
  });

  it('lists its pieces in the order of the file', async () => {
    await store.describe(facts);
    await put(50, 60);
    await put(0, 10);
    await put(10, 13);
    expect(store.ranges).toEqual([
      {start: 0, end: 10},
      {start: 10, end: 13},
      {start: 50, end: 60},
    ]);
    expect(await read({start: 50, end: 60})).toEqual(FILE.slice(50, 60));
    expect(await read({start: 10, end: 13})).toEqual(FILE.slice(10, 13));
  });

  it('reads a piece from any of its bytes on', async () => {
    await store.describe(facts);
    await put(50, 60);
    expect(await read({start: 50, end: 60}, 57)).toEqual(FILE.slice(57, 60));
  });

  it('survives a killed worker', async () => {
    await store.describe(facts);
    await put(50, 60);
    await put(0, 10);
    await reopen();
    expect(store.facts).toMatchObject(facts);
    expect(store.ranges).toEqual([
      {start: 0, end: 10},
      {start: 50, end: 60},
    ]);
    expect(await read({start: 50, end: 60})).toEqual(FILE.slice(50, 60));
  });

  it('tells offsets past 4 GiB apart', async () => {
    const start = 5 * 2 ** 30;
    await store.describe({...facts, size: start + 10});
    const piece = new Piece(start, start + 3);
    piece.add(FILE.slice(0, 3));
    await store.put(piece);
    await reopen();
    expect(store.ranges).toEqual([{start, end: start + 3}]);
  });

  it('deletes the pieces of a file without a validator when it is resumed', async () => {
    await store.describe({...facts, validator: undefined});
    await put(0, 10);
    expect(await read({start: 0, end: 10})).toEqual(FILE.slice(0, 10));
    await reopen();
    expect(store.facts).toBeUndefined();
    expect(store.ranges).toEqual([]);
    expect(await filesInPieces()).toEqual([]);
  });

  it('deletes pieces when its record of the file is damaged', async () => {
    await store.describe(facts);
    await put(0, 10);
    await (await caches.open(CACHE)).put('https://pieces.invalid/', new Response('{'));
    await reopen();
    expect(store.ranges).toEqual([]);
    expect(await filesInPieces()).toEqual([]);
  });

  it('is not mixed with that of another file', async () => {
    await store.describe(facts);
    await put(0, 10);
    const other = await PieceStore.resume({home: 'models', key: `${KEY}.data`});
    expect(other.facts).toBeUndefined();
    await other.clear();
    await reopen();
    expect(store.ranges).toHaveLength(1);
  });

  it('can be cleared', async () => {
    await store.describe(facts);
    await put(0, 10);
    await store.clear();
    expect(store.facts).toBeUndefined();
    expect(store.ranges).toEqual([]);
    expect(await filesInPieces()).toEqual([]);
  });
});

describe('a piece', () => {
  beforeEach(() => store.describe(facts));

  it('is stored while it is filled, and is missing until it is complete', async () => {
    const piece = pieceOf(0, 10, 6);
    const stored = store.put(piece);
    expect(store.ranges).toEqual([]);
    await reopen();
    expect(store.ranges).toEqual([]);
    piece.add(FILE.slice(6, 10));
    await stored;
    await reopen();
    expect(await read({start: 0, end: 10})).toEqual(FILE.slice(0, 10));
  });

  it('that is cut off is stored as far as it arrived', async () => {
    const piece = pieceOf(10, 20, 16);
    const stored = store.put(piece);
    piece.cut();
    await stored;
    expect(store.ranges).toEqual([{start: 10, end: 16}]);
    await reopen();
    expect(store.ranges).toEqual([{start: 10, end: 16}]);
    expect(await read({start: 10, end: 16})).toEqual(FILE.slice(10, 16));
  });

  it('that is cut off before its first byte leaves nothing', async () => {
    const piece = new Piece(10, 20);
    const stored = store.put(piece);
    piece.cut();
    await stored;
    expect(store.ranges).toEqual([]);
    expect(await (await caches.open(CACHE)).match(entryOf(10, 10))).toBeUndefined();
  });

  it('that storage refuses is missing, and the put rejects', async () => {
    vi.spyOn(Cache.prototype, 'put').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
    await expect(put(0, 10)).rejects.toMatchObject({name: 'QuotaExceededError'});
    expect(store.ranges).toEqual([]);
  });

  it('that is cut off and that storage refuses is missing, and the put rejects', async () => {
    vi.spyOn(Cache.prototype, 'put').mockRejectedValue(new DOMException('full', 'QuotaExceededError'));
    const piece = pieceOf(0, 10, 6);
    const stored = store.put(piece);
    piece.cut();
    await expect(stored).rejects.toMatchObject({name: 'QuotaExceededError'});
    expect(store.ranges).toEqual([]);
  });

  it('that is damaged is deleted, and not found again', async () => {
    await put(0, 10);
    await put(10, 20);
    await (await caches.open(CACHE)).put(entryOf(0, 10), new Response('short'));
    const [damaged] = store.ranges as [ByteRange];
    expect(await store.read(damaged, 3)).toBeUndefined();
    expect(store.ranges).toEqual([{start: 10, end: 20}]);
    await reopen();
    expect(store.ranges).toEqual([{start: 10, end: 20}]);
  });

  it('that is gone is no longer listed', async () => {
    await put(0, 10);
    await put(10, 20);
    await (await caches.open(CACHE)).delete(entryOf(0, 10));
    const [gone] = store.ranges as [ByteRange];
    expect(await store.read(gone, 0)).toBeUndefined();
    expect(store.ranges).toEqual([{start: 10, end: 20}]);
  });

  it('that two readers find damaged is deleted once', async () => {
    await put(0, 10);
    await put(10, 20);
    await (await caches.open(CACHE)).delete(entryOf(0, 10));
    const [gone] = store.ranges as [ByteRange];
    expect(await Promise.all([store.read(gone, 0), store.read(gone, 5)])).toEqual([undefined, undefined]);
    expect(store.ranges).toEqual([{start: 10, end: 20}]);
  });
});

describe('all pieces', () => {
  beforeEach(() => store.describe(facts));

  it('are one Blob of the file when they are complete', async () => {
    await put(50, 100);
    expect(await store.readAll()).toBeUndefined();
    await put(0, 50);
    const blob = await store.readAll();
    expect(new Uint8Array((await blob?.arrayBuffer()) as ArrayBuffer)).toEqual(FILE);
  });

  it('are no Blob when one is damaged, which is deleted', async () => {
    await put(0, 50);
    await put(50, 100);
    await (await caches.open(CACHE)).put(entryOf(0, 50), new Response('short'));
    expect(await store.readAll()).toBeUndefined();
    expect(store.ranges).toEqual([{start: 50, end: 100}]);
  });
});

describe('the record of a file', () => {
  it('says when the file was last asked for', async () => {
    vi.useFakeTimers({now: Date.parse('2026-08-01'), toFake: ['Date']});
    await store.describe(facts);
    vi.setSystemTime(Date.parse('2026-08-03'));
    await store.describe(facts);
    vi.setSystemTime(Date.parse('2026-08-05'));
    await reopen();
    expect(store.facts?.askedAt).toBe(Date.parse('2026-08-03'));
  });

  it('makes the cache in which the entry of the file belongs', async () => {
    await store.describe(facts);
    expect(await caches.has('models')).toBe(true);
  });

  it('is of another file in another cache, under the same key', async () => {
    await store.describe(facts);
    await put(0, 10);
    expect((await PieceStore.resume({home: 'models-v2', key: KEY})).ranges).toEqual([]);
  });

  it('leaves out pieces of another file, and overlapping ones, both of which another worker may have stored', async () => {
    await store.describe(facts);
    await put(0, 10);
    const cache = await caches.open(CACHE);
    await cache.put(entryOf(10, 20, '"another"'), new Response('of another'));
    await cache.put(entryOf(5, 15), new Response('the same, at another time'.slice(0, 10)));
    await reopen();
    expect(store.ranges).toEqual([{start: 0, end: 10}]);
  });

  it('says whether the complete file was checked, until a piece is replaced', async () => {
    await store.describe(facts);
    await put(0, 10);
    expect(store.facts?.isChecked).toBe(false);
    await store.check(true);
    await reopen();
    await store.describe(facts);
    expect(store.facts?.isChecked).toBe(true);
    await put(10, 20);
    await reopen();
    expect(store.facts?.isChecked).toBe(false);
  });

  it('is listed by key and home', async () => {
    await store.describe(facts);
    await (await PieceStore.resume({home: 'models', key: 'https://a.test/other?x=1'})).describe(facts);
    await caches.open('another cache');
    expect(await filesInPieces()).toEqual([PLACE, {home: 'models', key: 'https://a.test/other?x=1'}]);
  });
});
