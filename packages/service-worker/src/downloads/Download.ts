import {after} from './after.ts';
import type {Readable} from './answerRanges.ts';
import {type DownloadProgress, type DownloadState, report} from './events.ts';
import {makeRoom} from './makeRoom.ts';
import {Piece} from './Piece.ts';
import type {FileFacts, PieceStore} from './PieceStore.ts';
import {pauseBefore} from './pauseBefore.ts';
import {Speedometer} from './Speedometer.ts';
import {bytesIn, firstGap, nextStart, type Segment, segmentAt} from './segments.ts';
import {FileChanged, type Part, type Upstream, UpstreamFailure} from './Upstream.ts';

type Chunk = Uint8Array<ArrayBuffer>;

/** As often in a row a host is asked again without a byte that is new. With the pauses, half a minute. */
const MAX_FAILURES = 6;
/** As many pieces may be on their way into storage while the next one is filled. */
const PUTS_AT_A_TIME = 2;
/** A connection on which nothing has come for so long is given up, and another one is tried. */
const STALLS_AFTER_MS = 30_000;
/** A reader who has not moved for so long holds nobody up. */
const STANDS_STILL_MS = 1000;
/** A stored piece stays in memory so long for those who are close behind it: to read it back costs them more. */
const LINGERS_MS = 250;
/** Pages draw no more often than this. */
const REPORT_EVERY_MS = 100;

/** A run of bytes that is being fetched. */
interface Fill {
  position: number;
  end: number;
  puts: Promise<void>[];
}

/** Who has no use for anything else when a run of bytes cannot be fetched: a reader, or the download as a whole. */
interface Failing {
  failure?: unknown;
}

/** Somebody who reads: where he is, and what he has open of a stored piece. */
interface Reading extends Failing {
  offset: number;
  readonly end: number;
  stored?: ReadableStreamDefaultReader<Chunk> | undefined;
}

/**
 * A file on its way: fetched in pieces, each stored when it is in, and read meanwhile by whoever wants it, each at his
 * own pace. Of the file no more is in memory than the pieces that are not stored yet.
 */
export class Download implements Readable {
  readonly size: number;
  readonly headers: Headers;
  /** What the browser's storage has failed with. From then on nothing is stored, and the slowest reader sets the pace. */
  storageFailure: unknown;
  readonly store: PieceStore;
  private readonly upstream: Upstream;
  private readonly pieceBytes: number;
  private readonly controller = new AbortController();
  private readonly speedometer = new Speedometer();
  /** How far ahead of what comes a reader waits for it, in bytes. No other request could be told to be of the same file. */
  private readonly reach: number;
  /** What the host is asked for, or has answered, and nobody has begun to fetch. */
  private readonly expected = new Set<Segment>();
  /** What the host has been asked last and has not answered. */
  private asking: Promise<Part> | undefined;
  private readonly fills = new Set<Fill>();
  private readonly inMemory = new Set<Piece>();
  private readonly readings = new Set<Reading>();
  /** Why nothing comes any more. */
  failure: unknown;
  /** Where somebody sees to it that the file is stored: when that has ended, and whether nobody else need try. */
  stored: Promise<boolean> | undefined;
  private fetchedAll: Promise<void> | undefined;
  private cleared: Promise<void> | undefined;
  private reportedAt = 0;
  private change: Promise<void> = Promise.resolve();
  private announceChange: () => void = () => undefined;

  constructor(store: PieceStore, facts: FileFacts, upstream: Upstream, pieceBytes: number) {
    this.size = facts.size;
    this.headers = new Headers(facts.headers);
    this.store = store;
    this.upstream = upstream;
    this.pieceBytes = pieceBytes;
    this.reach = facts.validator === undefined ? Number.POSITIVE_INFINITY : 2 * pieceBytes;
    this.announce();
  }

  get isWhole(): boolean {
    return this.store.isWhole;
  }

  /** Whether somebody reads it, or fetches of it. */
  get isBusy(): boolean {
    return this.readings.size + this.fills.size + this.expected.size > 0;
  }

  /** Whether nothing comes any more: it was stopped, or has failed. */
  get isOver(): boolean {
    return this.failure !== undefined;
  }

  /** Whether it is for nobody else than those who read it already: another one may be stored, this one will not be. */
  get isClosed(): boolean {
    const isGivenUp = this.storageFailure !== undefined && !this.isBusy;
    return this.isOver || this.cleared !== undefined || isGivenUp;
  }

  /** Asks the host for what is missing first of a part of the file, unless it is on its way. */
  async ask(wanted: Segment): Promise<Part | undefined> {
    const gap = firstGap(this.store.segments, wanted);
    if (!gap || this.isComing(gap.start)) {
      // Whoever has asked for it may learn that the file has been replaced.
      await (gap && this.asking);
      return undefined;
    }
    this.expected.add(gap);
    const asking = this.upstream.ask(gap.start, gap.end, this.controller.signal);
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
      this.announce();
    }
  }

  /** Tells of an answer that is about to be given to {@link fetchAll} or {@link keep}: nobody else asks for it. */
  expect(part: Part): void {
    this.expected.add(part);
  }

  /**
   * Fetches all that is missing.
   *
   * @param part an answer that is there already.
   * @returns a promise for the time when all is stored. It rejects with what has kept it from that.
   */
  fetchAll(part?: Part): Promise<void> {
    if (this.fetchedAll && part) {
      this.keep(part).catch(() => undefined);
    }
    this.fetchedAll ??= this.fillGaps(part);
    return this.fetchedAll;
  }

  /** Stores what an answer has that is not there yet. */
  async keep(part: Part, failing: Failing = {}): Promise<void> {
    const gap = firstGap(this.store.segments, part);
    await (gap ? this.fill(gap, failing, part) : part.body.cancel());
    this.expected.delete(part);
  }

  /** Fetches a run of bytes and stores it. @param failing is told why it could not. */
  async fill({start, end}: Segment, failing: Failing, part?: Part): Promise<void> {
    const {signal} = this.controller;
    const fill: Fill = {position: start, end, puts: []};
    this.fills.add(fill);
    if (part) {
      this.expected.delete(part);
    }
    let answer = part;
    let failures = 0;
    try {
      while (fill.position < fill.end) {
        const before = fill.position;
        try {
          answer ??= await this.upstream.ask(before, fill.end, signal);
          await this.take(answer, fill);
        } catch (error) {
          signal.throwIfAborted();
          failures = fill.position > before ? 1 : failures + 1;
          if (!isPassing(error) || failures > MAX_FAILURES) {
            throw error;
          }
          await pauseBefore(failures, error, signal);
        }
        answer = undefined;
      }
    } catch (error) {
      failing.failure ??= error;
      throw error;
    } finally {
      await Promise.all(fill.puts);
      this.fills.delete(fill);
      this.announce();
    }
  }

  /**
   * A stream of a part of the file: of what is stored, and of what comes. When the last reader leaves before the end of
   * his part, the download is stopped.
   */
  read = ({start, end}: Segment): ReadableStream<Chunk> => {
    const reading: Reading = {offset: start, end};
    this.readings.add(reading);
    const leave = (): void => {
      this.readings.delete(reading);
      reading.stored?.cancel().catch(() => undefined);
      this.announce();
    };
    return new ReadableStream<Chunk>(
      {
        pull: async (controller) => {
          try {
            const chunk = await this.next(reading);
            reading.offset += chunk.byteLength;
            controller.enqueue(chunk);
          } catch (error) {
            leave();
            throw error;
          }
          if (reading.offset === end) {
            controller.close();
            leave();
          }
          this.announce();
        },
        cancel: () => {
          leave();
          if (this.readings.size === 0 && this.expected.size === 0 && !this.isWhole) {
            this.stop();
          }
        },
      },
      {highWaterMark: 0},
    );
  };

  /** Gives up what is not there yet. What is there stays. */
  stop(): void {
    this.failure ??= new DOMException('Nobody wants it any more.', 'AbortError');
    this.controller.abort(this.failure);
    this.announce();
  }

  /** Resolves when nothing of it is stored or deleted any more. */
  async whenIdle(): Promise<void> {
    while (this.fills.size > 0 && !this.cleared) {
      await this.change;
    }
    await this.cleared;
  }

  /** Resolves when nobody reads, or those who do have stood still for a while. */
  async whenQuiet(): Promise<void> {
    const unread = this.whenUnread();
    for (let before: string | undefined; before !== this.whereReadersAre(); ) {
      before = this.whereReadersAre();
      await Promise.race([unread, after(STANDS_STILL_MS)]);
    }
  }

  /** Deletes the pieces when nobody reads them any more: the file is an ordinary entry now, or must not be one. */
  async finish(state: 'done' | 'failed'): Promise<void> {
    this.report(state);
    await this.whenUnread();
    await this.discard();
  }

  /** Stores nothing more, and deletes what is there. Those who read go on, from the network. */
  async drop(): Promise<void> {
    this.storageFailure ??= new DOMException('It is not to be stored any more.', 'AbortError');
    this.cleared ??= this.store.clear();
    this.announce();
    await this.cleared;
  }

  /** The same, and ends it for those who read: the file has been replaced. */
  async discard(): Promise<void> {
    this.stop();
    await this.drop();
  }

  private async fillGaps(part?: Part): Promise<void> {
    const whole = {start: 0, end: this.size};
    try {
      this.report('running');
      await (part && this.keep(part, this));
      for (let gap = firstGap(this.store.segments, whole); gap; gap = firstGap(this.store.segments, whole)) {
        if (this.failure || this.storageFailure) {
          throw this.failure ?? this.storageFailure;
        }
        await (this.isComing(gap.start) ? this.change : this.fill(gap, this));
      }
    } catch (error) {
      this.report(this.controller.signal.aborted ? 'stopped' : 'failed');
      throw error;
    }
  }

  /** Takes what comes, cut into pieces, as far as it is wanted. */
  private async take({start, body}: Part, fill: Fill): Promise<void> {
    const reader = body.getReader();
    const {signal} = this.controller;
    const onAbort = (): void => {
      reader.cancel().catch(() => undefined);
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) {
      onAbort();
    }
    let piece: Piece | undefined;
    // A host without ranges begins at the beginning.
    let known = fill.position - start;
    try {
      while (fill.position < fill.end) {
        const {done, value} = await readInTime(reader);
        if (done) {
          throw new TypeError('The connection was cut.');
        }
        let rest = value.subarray(known);
        known = Math.max(known - value.byteLength, 0);
        while (rest.byteLength > 0 && fill.position < fill.end) {
          piece ??= this.begin(fill);
          if (!piece) {
            break;
          }
          const {plannedEnd} = piece;
          piece.add(rest.subarray(0, plannedEnd - fill.position));
          rest = rest.subarray(plannedEnd - fill.position);
          fill.position = piece.end;
          this.announce();
          this.reportNowAndThen();
          if (fill.position === plannedEnd) {
            piece = undefined;
            if (fill.puts.length > PUTS_AT_A_TIME) {
              await fill.puts.shift();
            }
          }
        }
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
      reader.cancel().catch(() => undefined);
      piece?.cut();
    }
  }

  /**
   * Begins a piece where a fill is, and to store it. Pieces end at multiples of their size, wherever one has begun, and
   * where a fill meets what somebody else has fetched or is fetching, which is where it ends.
   *
   * @returns `undefined` if that is here.
   */
  private begin(fill: Fill): Piece | undefined {
    const {position, puts} = fill;
    fill.end = Math.min(fill.end, this.nextHeld(position));
    if (position === fill.end) {
      return undefined;
    }
    const next = (Math.floor(position / this.pieceBytes) + 1) * this.pieceBytes;
    const piece = new Piece(position, Math.min(next, fill.end));
    this.inMemory.add(piece);
    puts.push(this.put(piece));
    return piece;
  }

  /** The first byte from an offset on that is in a piece already, or is to come in one. */
  private nextHeld(offset: number): number {
    const {segments} = this.store;
    const held = segmentAt(segments, offset) ? offset : nextStart(segments, offset);
    const coming = [...this.inMemory].filter((piece) => offset < piece.lastEnd);
    return Math.min(held, ...coming.map(({start}) => Math.max(start, offset)));
  }

  private async put(piece: Piece): Promise<void> {
    try {
      if (!this.storageFailure) {
        await this.store.put(piece);
      }
    } catch (error) {
      this.storageFailure ??= error;
      await makeRoom(error);
    }
    if (this.storageFailure) {
      await this.whenRead(piece);
      this.release(piece);
    } else {
      const linger = Promise.race([this.whenRead(piece, this.pieceBytes), after(LINGERS_MS)]);
      linger.then(() => this.release(piece)).catch(() => undefined);
    }
  }

  private release(piece: Piece): void {
    this.inMemory.delete(piece);
    this.announce();
  }

  /**
   * Resolves when everybody who reads has a piece behind him, gets nothing more, or the piece is not in memory any more.
   *
   * @param reach how far behind the piece, in bytes, somebody may be who counts.
   */
  private async whenRead(piece: Piece, reach = Number.POSITIVE_INFINITY): Promise<void> {
    const isAhead = ({offset, end}: Reading): boolean =>
      piece.start - reach <= offset && offset < piece.lastEnd && end > piece.start;
    while (!this.isOver && this.inMemory.has(piece) && [...this.readings].some(isAhead)) {
      await this.change;
    }
  }

  private async whenUnread(): Promise<void> {
    while (this.readings.size > 0) {
      await this.change;
    }
  }

  private whereReadersAre(): string {
    return [...this.readings].map(({offset}) => offset).join();
  }

  /** The next bytes for somebody who reads. */
  private async next(reading: Reading): Promise<Chunk> {
    const {end} = reading;
    for (;;) {
      const {offset} = reading;
      const isStored = reading.stored || segmentAt(this.store.segments, offset);
      const chunk = this.fromMemory(reading) ?? (isStored && (await this.fromStorage(reading)));
      if (chunk) {
        return chunk.subarray(0, end - offset);
      }
      // While storage was asked, the bytes may have come.
      if (!isStored) {
        if (this.failure ?? reading.failure) {
          throw this.failure ?? reading.failure;
        }
        const {change} = this;
        if (!this.isComing(offset)) {
          const next = nextStart(this.store.segments, offset);
          // Where it fails, others may still get what they want.
          this.fill({start: offset, end: Math.min(end, next)}, reading).catch(() => undefined);
        }
        await change;
      }
    }
  }

  private fromMemory(reading: Reading): Chunk | undefined {
    const {offset, stored} = reading;
    const chunk = this.pieceAt(offset)?.from(offset);
    if (chunk && stored) {
      // He passes by what he has open.
      stored.cancel().catch(() => undefined);
      reading.stored = undefined;
    }
    return chunk;
  }

  /** The piece in memory that has the byte at an offset. */
  private pieceAt(offset: number): Piece | undefined {
    for (const piece of this.inMemory) {
      if (piece.start <= offset && offset < piece.end) {
        return piece;
      }
    }
    return undefined;
  }

  private async fromStorage(reading: Reading): Promise<Chunk | undefined> {
    const segment = segmentAt(this.store.segments, reading.offset);
    if (!reading.stored && segment) {
      const blob = await this.store.read(segment, reading.offset);
      reading.stored = blob?.stream().getReader();
    }
    const next = await reading.stored?.read().catch(async () => {
      // The disk fails; the host need not.
      await (segment && this.store.forget(segment));
      return undefined;
    });
    if (!next?.value) {
      reading.stored = undefined;
    }
    return next?.value;
  }

  /** Whether the byte at an offset is in memory, or somebody is about to fetch it. */
  private isComing(offset: number): boolean {
    const far = offset - this.reach;
    const coming = [...this.fills].map(({position, end}) => ({start: position, end}));
    return (
      this.pieceAt(offset) !== undefined ||
      [...coming, ...this.expected].some(({start, end}) => far < start && start <= offset && offset < end)
    );
  }

  /** Wakes everybody who waits for something. */
  private announce(): void {
    this.announceChange();
    this.change = new Promise((resolve) => {
      this.announceChange = resolve;
    });
  }

  private reportNowAndThen(): void {
    if (this.fetchedAll && performance.now() - this.reportedAt >= REPORT_EVERY_MS) {
      this.report('running');
    }
  }

  private report(state: DownloadState): void {
    const {size, speedometer} = this;
    const coming = [...this.inMemory].filter(({start}) => !segmentAt(this.store.segments, start));
    const bytes = bytesIn(this.store.segments) + bytesIn(coming);
    speedometer.count(bytes);
    const {bytesPerSecond} = speedometer;
    const payload: DownloadProgress = {
      key: this.store.place.key,
      state,
      bytes,
      totalBytes: size,
      bytesPerSecond,
      secondsLeft: bytesPerSecond > 0 ? Math.ceil((size - bytes) / bytesPerSecond) : undefined,
    };
    this.reportedAt = performance.now();
    report({type: 'DOWNLOAD_PROGRESS', payload});
  }
}

/** The next chunk. A connection on which nothing comes ends. */
const readInTime = async (
  reader: ReadableStreamDefaultReader<Chunk>,
): Promise<ReadableStreamReadResult<Chunk>> => {
  const timer = setTimeout(() => {
    reader.cancel().catch(() => undefined);
  }, STALLS_AFTER_MS);
  try {
    return await reader.read();
  } finally {
    clearTimeout(timer);
  }
};

/** Whether it is worth while to ask again. */
const isPassing = (error: unknown): boolean =>
  error instanceof UpstreamFailure ? error.isPassing : !(error instanceof FileChanged);
