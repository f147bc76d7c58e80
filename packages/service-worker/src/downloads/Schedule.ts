import type {ByteRange} from '../http/byteRanges.ts';
import type {Changes} from './Changes.ts';
import type {PieceMemory} from './PieceMemory.ts';
import type {PieceStore} from './PieceStore.ts';
import type {PieceWriter} from './PieceWriter.ts';
import {RangeFetch} from './RangeFetch.ts';
import type {Reader} from './Readers.ts';
import {firstGap, nextStart, rangeAt} from './ranges.ts';
import type {Part, Upstream} from './Upstream.ts';

/** What fails when a range cannot be fetched: a reader, or the download. */
export interface Failing {
  failure?: unknown;
}

/** The download whose bytes are fetched. */
interface Download {
  readonly store: PieceStore;
  readonly memory: PieceMemory;
  readonly writer: PieceWriter;
  readonly changes: Changes;
  readonly upstream: Upstream;
  readonly pieceBytes: number;
  /** Ends what arrives. */
  readonly signal: AbortSignal;
  /** Called when bytes have arrived. */
  onBytes(): void;
}

/** What is being fetched of a file, so that each byte is fetched once. */
export class Schedule {
  private readonly download: Download;
  /** How many bytes a reader waits for at most, rather than for a request of its own. */
  private readonly reach: number;
  /** What the host is asked for, or has answered, before it is fetched. */
  private readonly expected = new Set<ByteRange>();
  private readonly fetches = new Set<RangeFetch>();
  /** The last request that the host has not answered. */
  private asking: Promise<Part> | undefined;

  constructor(download: Download, reach: number) {
    this.download = download;
    this.reach = reach;
  }

  get isFetching(): boolean {
    return this.fetches.size > 0;
  }

  get isExpecting(): boolean {
    return this.expected.size > 0;
  }

  /** Tells whether the byte at an offset is in memory, or about to be fetched. */
  isComing(offset: number): boolean {
    const far = offset - this.reach;
    return (
      this.download.memory.at(offset) !== undefined ||
      [...this.fetches, ...this.expected].some(
        ({start, end}) => far < start && start <= offset && offset < end,
      )
    );
  }

  /** Returns the first offset from another one on that is in a piece, or will be. */
  nextHeld(offset: number): number {
    const {memory, store} = this.download;
    const stored = rangeAt(store.ranges, offset) ? offset : nextStart(store.ranges, offset);
    return Math.min(stored, memory.nextHeld(offset));
  }

  /**
   * Asks the host for what is missing first of a range, unless that is coming.
   *
   * @throws FileChanged, UpstreamFailure, and what `fetch` throws.
   */
  async ask(wanted: ByteRange): Promise<Part | undefined> {
    const {changes, signal, store, upstream} = this.download;
    const gap = firstGap(store.ranges, wanted);
    if (!gap || this.isComing(gap.start)) {
      // Whatever asked for it may learn that the file was replaced.
      await (gap && this.asking);
      return undefined;
    }
    this.expected.add(gap);
    const asking = upstream.ask(gap.start, gap.end, signal);
    this.asking = asking;
    try {
      const part = await asking;
      this.expect(part);
      return part;
    } finally {
      if (this.asking === asking) {
        this.asking = undefined;
      }
      this.expected.delete(gap);
      changes.announce();
    }
  }

  /** Announces an answer that is about to be given to {@link keep}, so that nothing else asks for it. */
  expect(part: Part): void {
    this.expected.add(part);
  }

  /** Stores what an answer has that is missing. */
  async keep(part: Part, failing: Failing = {}): Promise<void> {
    const gap = firstGap(this.download.store.ranges, part);
    await (gap ? this.fetch(gap, failing, part) : part.body.cancel());
    this.expected.delete(part);
  }

  /** Has the next bytes of a reader fetched, unless they are coming. */
  fetchFor(reader: Reader): void {
    const {offset, end} = reader;
    if (!this.isComing(offset)) {
      const next = nextStart(this.download.store.ranges, offset);
      // Where that fails, other readers may still get what they want.
      this.fetch({start: offset, end: Math.min(end, next)}, reader).catch(() => undefined);
    }
  }

  /** Fetches a range and stores it. @param failing learns why that failed. */
  async fetch(range: ByteRange, failing: Failing, part?: Part): Promise<void> {
    const fetch = new RangeFetch(this.download, range, (offset) => this.nextHeld(offset));
    this.fetches.add(fetch);
    if (part) {
      this.expected.delete(part);
    }
    try {
      await fetch.run(part);
    } catch (error) {
      failing.failure ??= error;
      throw error;
    } finally {
      await Promise.all(fetch.puts);
      this.fetches.delete(fetch);
      this.download.changes.announce();
    }
  }
}
