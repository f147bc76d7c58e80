import type {Readable} from '../http/answerRanges.ts';
import type {ByteRange} from '../http/byteRanges.ts';
import {within} from '../timing/within.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {Changes} from './Changes.ts';
import type {Outcome} from './cachePut.ts';
import type {Chunk} from './Piece.ts';
import {PieceMemory} from './PieceMemory.ts';
import type {FileFacts, PieceStore} from './PieceStore.ts';
import {PieceWriter} from './PieceWriter.ts';
import {ProgressReport} from './ProgressReport.ts';
import {Readers} from './Readers.ts';
import {firstGap} from './ranges.ts';
import {Schedule} from './Schedule.ts';
import {FileChanged, type Part, type Upstream, UpstreamFailure} from './Upstream.ts';

/** How long a request waits for the bytes of a connection that another one has begun. */
const ALIVE_WITHIN_MS = 5000;

/** What becomes of a file: `undefined` where whatever was about to store it leaves that to others. */
export type Stored = Outcome | undefined;

/**
 * A large file being fetched. It arrives in pieces, each of which is stored while it arrives, and any number of readers
 * read it meanwhile, each at its own pace. Memory holds no more than the pieces that are not stored yet.
 */
export class FileDownload implements Readable {
  /** In bytes. `Infinity` while its body is longer than announced. */
  size: number;
  readonly headers: Headers;
  readonly facts: FileFacts;
  readonly store: PieceStore;
  /** The way of the request that has begun it. */
  readonly upstream: Upstream;
  /** What has shown the host who asks, and was answered with the file. */
  readonly accesses = new Set<string>();
  readonly pieceBytes: number;
  /** Whether another connection can resume it: without a validator, nothing tells that it is the same file. */
  readonly isResumable: boolean;
  readonly changes = new Changes();
  readonly memory = new PieceMemory();
  readonly readers = new Readers(this);
  readonly writer = new PieceWriter(this);
  readonly schedule: Schedule;
  readonly progress: ProgressReport;
  /** Why nothing arrives any more. */
  failure: unknown;
  /** While the file is being stored as a whole: what becomes of it. */
  storing: Promise<Stored> | undefined;
  private readonly controller = new AbortController();
  /** What wants the file stored, and does not read it. */
  private readonly holds = new Set<object>();
  /** Requests that wait for the host's answer. */
  private readonly askers = new Set<object>();
  /** Counts up when bytes arrive. */
  private arrivals = 0;
  private fetchedAll: Promise<void> | undefined;
  private fetchesFor: Upstream | undefined;
  private cleared: Promise<void> | undefined;

  constructor(
    worker: WorkerState,
    store: PieceStore,
    facts: FileFacts,
    upstream: Upstream,
    pieceBytes: number,
  ) {
    const {size, headers} = facts;
    this.facts = facts;
    this.size = size;
    this.headers = new Headers(headers);
    this.store = store;
    this.upstream = upstream;
    this.pieceBytes = pieceBytes;
    this.isResumable = facts.validator !== undefined;
    this.schedule = new Schedule(this, this.isResumable ? 2 * pieceBytes : size);
    this.progress = new ProgressReport(worker, this);
  }

  /** Ends what arrives. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get isComplete(): boolean {
    return this.store.isComplete;
  }

  /** Whether something reads it, waits for it, or is being fetched. */
  get isBusy(): boolean {
    const {readers, holds, askers, schedule} = this;
    return readers.count + holds.size + askers.size > 0 || schedule.isFetching || schedule.isExpecting;
  }

  /** Whether nothing arrives any more: it was stopped, or has failed. */
  get isOver(): boolean {
    return this.failure !== undefined;
  }

  /** Whether it is closed to new readers: another download may store the file, this one will not. */
  get isClosed(): boolean {
    return this.isOver || this.cleared !== undefined || (this.writer.isOver && !this.isBusy);
  }

  /**
   * Fetches all that is missing. Resolves when all of it is stored.
   *
   * @param part an answer that is there already.
   * @param upstream the way of the request that wants it. Another request's failure is not its own.
   * @throws what the host or storage failed with.
   */
  fetchAll(part?: Part, upstream = this.upstream): Promise<void> {
    const {fetchedAll, fetchesFor = upstream} = this;
    if (!fetchedAll) {
      this.fetchesFor = upstream;
      this.fetchedAll = this.fetchGaps(upstream, part);
      return this.fetchedAll;
    }
    if (part) {
      this.schedule.keep(part).catch(() => undefined);
    }
    return upstream.isLike(fetchesFor)
      ? fetchedAll
      : fetchedAll.catch((error) => {
          if (this.isOver || this.writer.isOver) {
            throw error;
          }
          if (this.fetchedAll === fetchedAll) {
            this.fetchedAll = undefined;
          }
          return this.fetchAll(undefined, upstream);
        });
  }

  /**
   * Asks the host for a part.
   *
   * @throws FileChanged, UpstreamFailure, and what `fetch` throws.
   */
  async ask(upstream: Upstream, {start, end}: ByteRange, isPlain?: boolean): Promise<Part> {
    const part = await upstream.ask(start, end, this.signal, isPlain);
    this.accesses.add(upstream.access);
    if (this.facts.isGuess && !part.isWhole) {
      await this.endAt(this.size);
    }
    return part;
  }

  /** Reads on behind the announced end. Nothing resumes the file until its end is known. */
  async extend(): Promise<void> {
    this.headers.delete('content-length');
    await this.resize(Number.POSITIVE_INFINITY);
  }

  /**
   * Notes where the file ends.
   *
   * @param isCertain whether something beside the end of a shorter body says so. Otherwise the file is not complete.
   */
  async endAt(size: number, isCertain = true): Promise<void> {
    if (size !== this.size || this.facts.isGuess) {
      this.facts.isGuess = !isCertain;
      this.headers.set('content-length', String(size));
      await this.resize(size);
    }
  }

  /**
   * Returns a stream of a range. When the last reader leaves before the end of its range, the download stops.
   *
   * @param signal ends the stream.
   * @param upstream the way of the request that reads.
   */
  read = (range: ByteRange, signal?: AbortSignal, upstream = this.upstream): ReadableStream<Chunk> =>
    this.readers.read(range, upstream, signal);

  /** Keeps the download going for something that does not read it. Returns what ends that. */
  hold(): () => void {
    const hold = {};
    this.holds.add(hold);
    return () => {
      this.holds.delete(hold);
      this.stopIfUnused();
    };
  }

  /** Waits for the host's answer to a request. When the page has left, the host is asked no longer, unless others wait. */
  async whileAsking<Answer>(left: AbortSignal | undefined, ask: () => Promise<Answer>): Promise<Answer> {
    const {askers} = this;
    const asker = {};
    const leave = (): void => {
      askers.delete(asker);
      this.stopIfUnused();
    };
    askers.add(asker);
    left?.addEventListener('abort', leave);
    try {
      return await ask();
    } finally {
      left?.removeEventListener('abort', leave);
      askers.delete(asker);
    }
  }

  /**
   * Waits for the next bytes, for a short while. Where none come, it continues on another connection: otherwise one that
   * is dead would keep every page from the file.
   *
   * @returns false where none come, and no other connection can resume it.
   */
  async isAlive(): Promise<boolean> {
    const {arrivals, changes, isResumable, schedule} = this;
    const arrived = changes.until(
      () => this.arrivals > arrivals || this.isClosed || !(schedule.isFetching || schedule.isExpecting),
    );
    const isAlive = await within(
      arrived.then(() => true),
      ALIVE_WITHIN_MS,
      false,
    );
    if (!isAlive && isResumable) {
      schedule.reconnect();
    }
    return isAlive || isResumable;
  }

  /** Stops what is not there yet. What is stored stays. */
  stop(): void {
    this.controller.abort(this.failure);
    this.failure ??= this.signal.reason;
    this.changes.announce();
  }

  stopIfUnused(): void {
    const isHeld = this.holds.size > 0 && !this.writer.isOver;
    const isAwaited = this.readers.count + this.askers.size > 0 || this.schedule.isExpecting || isHeld;
    if (!isAwaited && !this.isComplete) {
      this.stop();
    }
  }

  /** Resolves when nothing of it is being stored or deleted. */
  async whenIdle(): Promise<void> {
    await this.changes.until(() => !this.schedule.isFetching || this.cleared !== undefined);
    await this.cleared;
  }

  /** Deletes the pieces when the last reader has left: the file is an ordinary entry now, or must not become one. */
  async finish(state: 'done' | 'failed'): Promise<void> {
    this.progress.report(state);
    await this.readers.whenGone();
    await this.discard();
  }

  /** Stores nothing more, and deletes what is stored. Readers get the rest from the host. */
  async drop(reason: Error): Promise<void> {
    this.writer.failure ??= reason;
    this.cleared ??= this.store.clear();
    for (const piece of this.memory) {
      // Storage waits for the rest of those that it is taking.
      piece.abandon();
    }
    this.stopIfUnused();
    this.changes.announce();
    await this.cleared;
  }

  /** Deletes what is stored, and ends all readers: the file was replaced. */
  async discard(): Promise<void> {
    this.stop();
    await this.drop(new FileChanged());
  }

  /** Deletes what is stored where the host has answered that the file is gone, and nothing else gets it. */
  dropIfGone(error: unknown): void {
    if (error instanceof UpstreamFailure && error.isGone && !this.readers.hasOthers()) {
      this.drop(error).catch(() => undefined);
    }
  }

  /** Called when bytes have arrived. */
  onBytes(): void {
    this.arrivals += 1;
    this.changes.announce();
    if (this.fetchedAll) {
      this.progress.reportRunning();
    }
  }

  private async resize(size: number): Promise<void> {
    const {facts, headers, readers, store} = this;
    readers.moveEnd(this.size, size);
    this.size = size;
    this.changes.announce();
    if (Number.isFinite(size) && facts.isGuess) {
      return;
    }
    // A killed worker must not leave pieces that look complete.
    await store.correct({size, isGuess: facts.isGuess, headers: [...headers]}).catch((error) => {
      this.writer.failure ??= error;
    });
  }

  private async fetchGaps(upstream: Upstream, part?: Part): Promise<void> {
    const {changes, progress, readers, schedule, writer} = this;
    const onFailure = (error: unknown): void => {
      readers.fail(error, upstream);
      if (!readers.hasOthers()) {
        this.failure ??= error;
      }
      this.dropIfGone(error);
    };
    try {
      progress.report('running');
      await (part && schedule.keep(part, onFailure));
      for (let gap = this.firstGap(); gap; gap = this.firstGap()) {
        if (this.isOver || writer.isOver) {
          throw this.failure;
        }
        await (schedule.isComing(gap.start)
          ? changes.next
          : schedule.fetch(gap, upstream, undefined, onFailure));
      }
    } catch (error) {
      progress.report(this.signal.aborted && !writer.isOver ? 'aborted' : 'failed');
      throw writer.failure ?? error;
    }
  }

  private firstGap(): ByteRange | undefined {
    return firstGap(this.store.ranges, {start: 0, end: this.size});
  }
}
