import type {ByteRange} from '../http/byteRanges.ts';
import {discardBody} from '../http/discardBody.ts';
import {pauseBefore} from '../timing/pauseBefore.ts';
import {StallWatch} from '../timing/StallWatch.ts';
import {type Chunk, Piece} from './Piece.ts';
import type {FileFacts} from './PieceStore.ts';
import type {PieceWriter} from './PieceWriter.ts';
import {FileChanged, type Part, type Upstream, UpstreamFailure} from './Upstream.ts';

/** How many attempts in a row may bring no new byte before a fetch fails. With the pauses, they take half a minute. */
const MAX_FAILURES = 6;
/** A host that asks to be left alone for longer has nobody wait for it. */
const LONGEST_WAIT_MS = 60_000;
/** After so many answers in a row without a byte, a host is asked for the whole file. */
const MAX_EMPTY = 2;
/** How many pieces may be on their way into storage while the next one is filled. */
const PUTS_AT_A_TIME = 2;

/** The download that a fetch is for. */
interface Download {
  /** In bytes. */
  readonly size: number;
  readonly facts: FileFacts;
  readonly pieceBytes: number;
  readonly signal: AbortSignal;
  readonly writer: PieceWriter;
  ask(upstream: Upstream, range: ByteRange, isPlain?: boolean): Promise<Part>;
  /** Called when bytes have arrived. */
  onBytes(): void;
  /** Called when there is more of the file than announced. */
  extend(): Promise<void>;
  /** Called when it is known where the file ends. */
  endAt(size: number, isCertain?: boolean): Promise<void>;
}

/** Fetches a range of a file, over as many connections as that takes, and cuts what arrives into pieces. */
export class RangeFetch implements ByteRange {
  /** Where the next byte belongs. */
  start: number;
  end: number;
  /** The pieces that are being stored. */
  readonly puts: Promise<void>[] = [];
  /** How many attempts in a row have brought no byte. */
  failures = 0;
  private readonly download: Download;
  private readonly nextHeld: (offset: number) => number;
  private upstream: Upstream;
  /** Watches the connection whose next bytes are awaited. */
  private watch: StallWatch | undefined;
  /** An answer of the host to another request. */
  private offered: Part | undefined;
  private readonly offers = new EventTarget();
  /** Where the last body has ended. */
  private endedAt: number | undefined;

  /** @param nextHeld returns the first offset from another one on that is in a piece, or will be. */
  constructor(
    download: Download,
    {start, end}: ByteRange,
    nextHeld: (offset: number) => number,
    upstream: Upstream,
  ) {
    this.download = download;
    this.nextHeld = nextHeld;
    this.upstream = upstream;
    this.start = start;
    this.end = end;
    this.meet();
  }

  /** Takes an answer to another request, in place of the next attempt. Returns whether it does. */
  offer(part: Part): boolean {
    const {start, offered, failures, upstream} = this;
    if (failures === 0 || offered || start < part.start || part.end <= start) {
      return false;
    }
    this.offered = part;
    this.upstream = part.upstream ?? upstream;
    this.offers.dispatchEvent(new Event('offer'));
    return true;
  }

  /**
   * Resolves when the range is fetched.
   *
   * @param part an answer that is there already.
   * @throws FileChanged, UpstreamFailure, the signal's reason, and what `fetch` throws.
   */
  async run(part?: Part): Promise<void> {
    const {download, offers} = this;
    const {signal} = download;
    let answer = part;
    let empty = 0;
    while (this.start < this.end) {
      const before = this.start;
      try {
        answer ??= await download.ask(this.upstream, this, empty >= MAX_EMPTY);
        await this.take(answer);
        this.failures = 0;
      } catch (error) {
        signal.throwIfAborted();
        if (await this.hasEnded(error)) {
          return;
        }
        const hasProgress = this.start > before;
        this.failures = hasProgress ? 1 : this.failures + 1;
        empty = hasProgress ? 0 : empty + (answer ? 1 : 0);
        let atLeastMs = 0;
        if (error instanceof UpstreamFailure) {
          discardBody(error.response);
          atLeastMs = error.retryAfterMs;
        }
        if (!this.offered) {
          const isHopeless = this.failures > MAX_FAILURES || atLeastMs > LONGEST_WAIT_MS;
          // The rest of a body that is longer than announced cannot be asked for.
          if (!isPassing(error) || isHopeless || this.end === Number.POSITIVE_INFINITY) {
            throw error;
          }
          const endsOn = {target: offers, type: 'offer'};
          await pauseBefore(this.failures, signal, {atLeastMs, endsOn});
        }
      }
      answer = this.offered;
      this.offered = undefined;
      this.meet();
    }
  }

  /** Closes the connection whose bytes are awaited, and continues on another one. */
  reconnect(): void {
    // The rest of a body that is longer than announced comes on no other connection.
    if (Number.isFinite(this.end)) {
      this.watch?.stall();
    }
  }

  /** Takes what arrives on one connection, as far as it is wanted. */
  private async take({start, end, body, isWhole}: Part): Promise<void> {
    const {download, puts} = this;
    const {pieceBytes} = download;
    const reader = body.getReader();
    let piece: Piece | undefined;
    let following: Chunk | undefined;
    let at = start;
    try {
      while (this.start < this.end && (isWhole || this.start < end)) {
        const chunk = following ?? (await this.nextChunk(reader));
        following = undefined;
        if (!chunk) {
          if (this.end === Number.POSITIVE_INFINITY) {
            this.end = this.start;
            await download.endAt(this.start);
            return;
          }
          this.endedAt = isWhole ? this.start : undefined;
          throw new TypeError('The connection was cut.');
        }
        // A host without ranges begins at the beginning.
        const known = Math.max(this.start - at, 0);
        // What is beyond the announced range is not of it.
        let rest = chunk.subarray(known, isWhole ? undefined : Math.max(end - at, 0));
        at += chunk.byteLength;
        if (isWhole && at >= download.size && this.end === download.size) {
          following = await this.nextChunk(reader);
          if (following || at > download.size) {
            await download.extend();
            this.end = Number.POSITIVE_INFINITY;
          } else {
            await download.endAt(at);
          }
        }
        while (rest.byteLength > 0 && this.start < this.end) {
          if (!piece) {
            this.meet();
            if (this.start === this.end) {
              break;
            }
            // Pieces end at multiples of their size, wherever one begins.
            const next = (Math.floor(this.start / pieceBytes) + 1) * pieceBytes;
            piece = new Piece(this.start, Math.min(next, this.end));
            puts.push(download.writer.write(piece));
          }
          const {plannedEnd} = piece;
          const missing = plannedEnd - this.start;
          piece.add(rest.subarray(0, missing));
          rest = rest.subarray(missing);
          this.start = piece.end;
          download.onBytes();
          if (this.start === plannedEnd) {
            piece = undefined;
            if (puts.length > PUTS_AT_A_TIME) {
              await puts.shift();
            }
          }
        }
      }
    } finally {
      reader.cancel().catch(() => undefined);
      piece?.cut();
    }
  }

  /**
   * Reads the next chunk; `undefined` at the end of the body. A connection on which nothing arrives for half a minute
   * counts as cut.
   */
  private async nextChunk(reader: ReadableStreamDefaultReader<Chunk>): Promise<Chunk | undefined> {
    const watch = new StallWatch(this.download.signal);
    const cancel = (): void => {
      reader.cancel().catch(() => undefined);
    };
    this.watch = watch;
    watch.signal.addEventListener('abort', cancel);
    if (watch.signal.aborted) {
      cancel();
    }
    try {
      const {value} = await reader.read();
      watch.signal.throwIfAborted();
      return value;
    } finally {
      this.watch = undefined;
      watch.end();
    }
  }

  /**
   * Tells whether a body that was shorter than announced was all of the file: the host has nothing behind it.
   *
   * @param error what the host has answered to the request for the rest.
   */
  private async hasEnded(error: unknown): Promise<boolean> {
    const {download, start, endedAt} = this;
    const hasEnded =
      endedAt === start && download.facts.isGuess && error instanceof FileChanged && !error.isOther;
    if (hasEnded) {
      await download.endAt(start, error.actualSize === start);
    }
    return Boolean(hasEnded);
  }

  /** Ends where it meets what is there already, or is about to be. */
  private meet(): void {
    this.end = Math.min(this.end, this.nextHeld(this.start));
  }
}

/** Tells whether another attempt may fare better. */
const isPassing = (error: unknown): boolean =>
  error instanceof UpstreamFailure ? error.isPassing : !(error instanceof FileChanged);
