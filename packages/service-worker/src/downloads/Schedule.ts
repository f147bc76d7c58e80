import type {ByteRange} from '../http/byteRanges.ts';
import type {Changes} from './Changes.ts';
import type {PieceMemory} from './PieceMemory.ts';
import type {FileFacts, PieceStore} from './PieceStore.ts';
import type {PieceWriter} from './PieceWriter.ts';
import {RangeFetch} from './RangeFetch.ts';
import type {Reader} from './Readers.ts';
import {firstGap, nextStart, rangeAt} from './ranges.ts';
import type {Part, Upstream} from './Upstream.ts';

/** The download whose bytes are fetched. */
interface Download {
  readonly store: PieceStore;
  readonly memory: PieceMemory;
  readonly writer: PieceWriter;
  readonly changes: Changes;
  /** In bytes. */
  readonly size: number;
  readonly facts: FileFacts;
  readonly upstream: Upstream;
  readonly pieceBytes: number;
  /** Ends what arrives. */
  readonly signal: AbortSignal;
  ask(upstream: Upstream, range: ByteRange, isPlain?: boolean): Promise<Part>;
  /** Called when bytes have arrived. */
  onBytes(): void;
  /** Called when there is more of the file than announced. */
  extend(): Promise<void>;
  /** Called when it is known where the file ends. */
  endAt(size: number, isCertain?: boolean): Promise<void>;
  dropIfGone(error: unknown): void;
}

/** What is being fetched of a file, so that each byte is fetched once. */
export class Schedule {
  private readonly download: Download;
  /** How many bytes a reader waits for at most, rather than for a request of its own. */
  private readonly reach: number;
  /** What the host has answered, before it is fetched. */
  private readonly expected = new Set<ByteRange>();
  /** What the host is asked for. */
  private readonly asked = new Set<ByteRange>();
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
      [...this.fetches, ...this.expected, ...this.asked].some(
        ({start, end}) => far < start && start <= offset && offset < end,
      )
    );
  }

  /** Returns what is fetching the byte at an offset, or is about to. */
  private fetchOf(offset: number): RangeFetch | undefined {
    return [...this.fetches].find(({start, end}) => start - this.reach <= offset && offset < end);
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
   * @param mustAsk asks even then: for a request that the host may answer otherwise than the one that fetches.
   * @throws FileChanged, UpstreamFailure, and what `fetch` throws.
   */
  async ask(
    wanted: ByteRange,
    upstream = this.download.upstream,
    mustAsk: () => boolean = () => false,
  ): Promise<Part | undefined> {
    const {download} = this;
    const {changes, store} = download;
    let gap = firstGap(store.ranges, wanted);
    while (gap && this.asking && this.isComing(gap.start)) {
      // When that fails, this request has a failure of its own.
      await this.asking.catch(() => undefined);
      gap = firstGap(store.ranges, wanted);
    }
    const covering = gap && this.fetchOf(gap.start);
    const isComing = gap && this.isComing(gap.start);
    if (!gap || isComing) {
      if (mustAsk() || covering?.failures) {
        const part = await download.ask(upstream, gap ?? wanted);
        if (!covering?.offer(part)) {
          part.body.cancel().catch(() => undefined);
        }
      }
      return undefined;
    }
    this.asked.add(gap);
    const asking = download.ask(upstream, gap);
    this.asking = asking;
    try {
      const part = await asking;
      this.expect(part);
      return part;
    } finally {
      if (this.asking === asking) {
        this.asking = undefined;
      }
      this.asked.delete(gap);
      changes.announce();
    }
  }

  /** Announces an answer that is about to be given to {@link keep}, so that nothing else asks for it. */
  expect(part: Part): void {
    this.expected.add(part);
  }

  /** Stores what an answer has that is missing. */
  async keep(part: Part, onFailure?: (error: unknown) => void): Promise<void> {
    const gap = firstGap(this.download.store.ranges, part);
    await (gap ? this.fetch(gap, part.upstream, part, onFailure) : part.body.cancel());
    this.expected.delete(part);
  }

  /** Has the next bytes of a reader fetched, unless they are coming. */
  fetchFor(reader: Reader): void {
    const {offset, end} = reader;
    if (!this.isComing(offset)) {
      const next = nextStart(this.download.store.ranges, offset);
      // Where that fails, other readers may still get what they want.
      const gap = {start: offset, end: Math.min(end, next)};
      this.fetch(gap, reader.upstream, undefined, (error) => {
        reader.failure ??= error;
        this.download.dropIfGone(error);
      }).catch(() => undefined);
    }
  }

  /** Continues what is being fetched on other connections. */
  reconnect(): void {
    for (const fetch of this.fetches) {
      fetch.reconnect();
    }
  }

  /**
   * Fetches a range and stores it.
   *
   * @param onFailure learns why that failed, before anything else can try again.
   */
  async fetch(
    range: ByteRange,
    upstream = this.download.upstream,
    part?: Part,
    onFailure?: (error: unknown) => void,
  ): Promise<void> {
    const fetch = new RangeFetch(this.download, range, (offset) => this.nextHeld(offset), upstream);
    this.fetches.add(fetch);
    if (part) {
      this.expected.delete(part);
    }
    try {
      await fetch.run(part);
    } catch (error) {
      onFailure?.(error);
      throw error;
    } finally {
      await Promise.all(fetch.puts);
      this.fetches.delete(fetch);
      this.download.changes.announce();
    }
  }
}
