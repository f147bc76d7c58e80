import type {Readable} from '../http/answerRanges.ts';
import type {ByteRange} from '../http/byteRanges.ts';
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
import {FileChanged, type Part, type Upstream} from './Upstream.ts';

/** What becomes of a file: `undefined` where whatever was about to store it leaves that to others. */
export type Stored = Outcome | undefined;

/**
 * A large file being fetched. It arrives in pieces, each of which is stored while it arrives, and any number of readers
 * read it meanwhile, each at its own pace. Memory holds no more than the pieces that are not stored yet.
 */
export class FileDownload implements Readable {
  /** In bytes. */
  readonly size: number;
  readonly headers: Headers;
  readonly store: PieceStore;
  readonly upstream: Upstream;
  readonly pieceBytes: number;
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
  private fetchedAll: Promise<void> | undefined;
  private cleared: Promise<void> | undefined;

  constructor(
    worker: WorkerState,
    store: PieceStore,
    facts: FileFacts,
    upstream: Upstream,
    pieceBytes: number,
  ) {
    const {size, headers} = facts;
    this.size = size;
    this.headers = new Headers(headers);
    this.store = store;
    this.upstream = upstream;
    this.pieceBytes = pieceBytes;
    // Without a validator, no other request could tell that it is the same file.
    this.schedule = new Schedule(this, facts.validator === undefined ? size : 2 * pieceBytes);
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
    const {readers, holds, schedule} = this;
    return readers.count + holds.size > 0 || schedule.isFetching || schedule.isExpecting;
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
   * @throws what the host or storage failed with.
   */
  fetchAll(part?: Part): Promise<void> {
    if (this.fetchedAll && part) {
      this.schedule.keep(part).catch(() => undefined);
    }
    this.fetchedAll ??= this.fetchGaps(part);
    return this.fetchedAll;
  }

  /**
   * Returns a stream of a range. When the last reader leaves before the end of its range, the download stops.
   *
   * @param signal ends the stream.
   */
  read = (range: ByteRange, signal?: AbortSignal): ReadableStream<Chunk> => this.readers.read(range, signal);

  /** Keeps the download going for something that does not read it. Returns what ends that. */
  hold(): () => void {
    const hold = {};
    this.holds.add(hold);
    return () => {
      this.holds.delete(hold);
      this.stopIfUnused();
    };
  }

  /** Stops what is not there yet. What is stored stays. */
  stop(): void {
    this.controller.abort(this.failure);
    this.failure ??= this.signal.reason;
    this.changes.announce();
  }

  stopIfUnused(): void {
    const isHeld = this.holds.size > 0 && !this.writer.isOver;
    if (this.readers.count === 0 && !this.schedule.isExpecting && !isHeld && !this.isComplete) {
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

  /** Called when bytes have arrived. */
  onBytes(): void {
    this.changes.announce();
    if (this.fetchedAll) {
      this.progress.reportRunning();
    }
  }

  private async fetchGaps(part?: Part): Promise<void> {
    const {changes, progress, schedule, writer} = this;
    try {
      progress.report('running');
      await (part && schedule.keep(part, this));
      for (let gap = this.firstGap(); gap; gap = this.firstGap()) {
        if (this.isOver || writer.isOver) {
          throw this.failure;
        }
        await (schedule.isComing(gap.start) ? changes.next : schedule.fetch(gap, this));
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
