import type {ByteRange} from '../http/byteRanges.ts';
import {sleep} from '../timing/sleep.ts';
import type {Changes} from './Changes.ts';
import type {Chunk, Piece} from './Piece.ts';
import type {PieceMemory} from './PieceMemory.ts';
import type {PieceStore} from './PieceStore.ts';
import {rangeAt} from './ranges.ts';
import type {Schedule} from './Schedule.ts';
import type {Upstream} from './Upstream.ts';

/** A reader that has not moved for so long holds nothing up. */
const STANDS_STILL_MS = 1000;

/** What reads a range of a file. */
export interface Reader {
  /** Of the next byte. */
  offset: number;
  end: number;
  /** The way of the request that reads. */
  readonly upstream: Upstream;
  /** Why it cannot be read to its end. */
  failure?: unknown;
  /** What is open of a stored piece. */
  opened?: ReadableStreamDefaultReader<Chunk> | undefined;
}

/** The download that is read. */
interface Download {
  readonly store: PieceStore;
  readonly memory: PieceMemory;
  readonly changes: Changes;
  /** Why nothing arrives any more. */
  readonly failure: unknown;
  readonly schedule: Schedule;
  stopIfUnused(): void;
}

/**
 * The readers of a download. Each pulls what comes next, from memory or from a stored piece, at its own pace.
 */
export class Readers {
  private readonly readers = new Set<Reader>();
  private readonly download: Download;

  constructor(download: Download) {
    this.download = download;
  }

  get count(): number {
    return this.readers.size;
  }

  /** Tells whether a reader at most so many bytes behind a piece still has to read it. */
  isAwaited(piece: Piece, reach = Number.POSITIVE_INFINITY): boolean {
    return [...this.readers].some(
      ({offset, end}) => piece.start - reach <= offset && offset < piece.lastEnd && end > piece.start,
    );
  }

  /** Tells whether there is a reader that has not failed. */
  hasOthers(): boolean {
    return [...this.readers].some(({failure}) => failure === undefined);
  }

  /** Fails the readers that the host would answer as it has answered now. */
  fail(error: unknown, upstream: Upstream): void {
    for (const reader of this.readers) {
      if (reader.upstream.isLike(upstream)) {
        reader.failure ??= error;
      }
    }
  }

  /** Has those that read to the end of the file read to another end. */
  moveEnd(from: number, to: number): void {
    for (const reader of this.readers) {
      if (reader.end === from) {
        reader.end = to;
      }
    }
  }

  /** Returns a stream of a range. @param signal ends it with the signal's reason. */
  read({start, end}: ByteRange, upstream: Upstream, signal?: AbortSignal): ReadableStream<Chunk> {
    const {download, readers} = this;
    const reader: Reader = {offset: start, end, upstream};
    readers.add(reader);
    const leave = (): void => {
      readers.delete(reader);
      reader.opened?.cancel().catch(() => undefined);
      download.changes.announce();
    };
    const cancel = (): void => {
      leave();
      download.stopIfUnused();
    };
    return new ReadableStream<Chunk>(
      {
        start: (controller) => {
          const onAbort = (): void => {
            if (readers.has(reader)) {
              controller.error(signal?.reason);
              cancel();
            }
          };
          signal?.addEventListener('abort', onAbort);
          if (signal?.aborted) {
            // The page has left while its request waited for the host: nothing reads this stream.
            onAbort();
          }
        },
        pull: async (controller) => {
          try {
            const chunk = await this.next(reader);
            if (chunk) {
              reader.offset += chunk.byteLength;
              controller.enqueue(chunk);
            }
          } catch (error) {
            leave();
            throw error;
          }
          if (reader.offset === reader.end) {
            controller.close();
            leave();
          }
          download.changes.announce();
        },
        cancel,
      },
      {highWaterMark: 0},
    );
  }

  /** Resolves when no reader is left. */
  whenGone(): Promise<void> {
    return this.download.changes.until(() => this.count === 0);
  }

  /** Resolves when no reader is left, or those that are have stood still for a while. */
  async whenQuiet(): Promise<void> {
    const gone = this.whenGone();
    const offsets = (): string => [...this.readers].map(({offset}) => offset).join();
    for (let before: string | undefined; before !== offsets(); ) {
      before = offsets();
      await Promise.race([gone, sleep(STANDS_STILL_MS)]);
    }
  }

  /** Returns the next bytes for a reader; `undefined` at its end. */
  private async next(reader: Reader): Promise<Chunk | undefined> {
    const {download} = this;
    const {store, changes} = download;
    while (this.readers.has(reader)) {
      const {offset} = reader;
      if (offset === reader.end) {
        return undefined;
      }
      const isStored = reader.opened || rangeAt(store.ranges, offset);
      const chunk = this.fromMemory(reader) ?? (isStored && (await this.fromStorage(reader)));
      if (chunk) {
        return chunk.subarray(0, reader.end - offset);
      }
      // While storage was asked, the bytes may have come.
      if (!isStored) {
        const failure = download.failure ?? reader.failure;
        if (failure) {
          throw failure;
        }
        const {next} = changes;
        download.schedule.fetchFor(reader);
        await next;
      }
    }
    throw new Error('The reader has left.');
  }

  private fromMemory(reader: Reader): Chunk | undefined {
    const {offset, opened} = reader;
    const chunk = this.download.memory.at(offset)?.from(offset);
    if (chunk && opened) {
      // It passes by what it has open.
      opened.cancel().catch(() => undefined);
      reader.opened = undefined;
    }
    return chunk;
  }

  private async fromStorage(reader: Reader): Promise<Chunk | undefined> {
    const {store} = this.download;
    const range = rangeAt(store.ranges, reader.offset);
    if (!reader.opened && range) {
      const blob = await store.read(range, reader.offset);
      reader.opened = blob?.stream().getReader();
    }
    const next = await reader.opened?.read().catch(async () => {
      // The disk fails; the host need not.
      await (range && store.forget(range));
      return undefined;
    });
    if (!next?.value) {
      reader.opened = undefined;
    }
    return next?.value;
  }
}
