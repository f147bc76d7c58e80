import type {ByteRange} from '../http/byteRanges.ts';
import {pauseBefore} from '../timing/pauseBefore.ts';
import {StallWatch} from '../timing/StallWatch.ts';
import {type Chunk, Piece} from './Piece.ts';
import type {PieceWriter} from './PieceWriter.ts';
import {FileChanged, type Part, type Upstream, UpstreamFailure} from './Upstream.ts';

/** How many attempts in a row may bring no new byte before a fetch fails. With the pauses, they take half a minute. */
const MAX_FAILURES = 6;
/** How many pieces may be on their way into storage while the next one is filled. */
const PUTS_AT_A_TIME = 2;

/** The download that a fetch is for. */
interface Download {
  readonly upstream: Upstream;
  readonly pieceBytes: number;
  readonly signal: AbortSignal;
  readonly writer: PieceWriter;
  /** Called when bytes have arrived. */
  onBytes(): void;
}

/** Fetches a range of a file, over as many connections as that takes, and cuts what arrives into pieces. */
export class RangeFetch implements ByteRange {
  /** Where the next byte belongs. */
  start: number;
  end: number;
  private readonly download: Download;
  private readonly nextHeld: (offset: number) => number;
  /** The pieces that are being stored. */
  readonly puts: Promise<void>[] = [];

  /** @param nextHeld returns the first offset from another one on that is in a piece, or will be. */
  constructor(download: Download, {start, end}: ByteRange, nextHeld: (offset: number) => number) {
    this.download = download;
    this.nextHeld = nextHeld;
    this.start = start;
    this.end = end;
    this.meet();
  }

  /**
   * Resolves when the range is fetched.
   *
   * @param part an answer that is there already.
   * @throws FileChanged, UpstreamFailure, the signal's reason, and what `fetch` throws.
   */
  async run(part?: Part): Promise<void> {
    const {upstream, signal} = this.download;
    let answer = part;
    let failures = 0;
    while (this.start < this.end) {
      const before = this.start;
      try {
        answer ??= await upstream.ask(before, this.end, signal);
        await this.take(answer);
      } catch (error) {
        signal.throwIfAborted();
        failures = this.start > before ? 1 : failures + 1;
        if (!isPassing(error) || failures > MAX_FAILURES) {
          throw error;
        }
        const atLeastMs = error instanceof UpstreamFailure ? error.retryAfterMs : 0;
        await pauseBefore(failures, signal, {atLeastMs});
      }
      answer = undefined;
      this.meet();
    }
  }

  /** Takes what arrives on one connection, as far as it is wanted. */
  private async take({start, body}: Part): Promise<void> {
    const {download, puts} = this;
    const {pieceBytes, signal} = download;
    const reader = body.getReader();
    let piece: Piece | undefined;
    // A host without ranges begins at the beginning.
    let known = this.start - start;
    try {
      while (this.start < this.end) {
        const chunk = await nextChunk(reader, signal);
        let rest = chunk.subarray(known);
        known = Math.max(known - chunk.byteLength, 0);
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

  /** Ends where it meets what is there already, or is about to be. */
  private meet(): void {
    this.end = Math.min(this.end, this.nextHeld(this.start));
  }
}

/** Reads the next chunk. A connection on which nothing arrives for half a minute counts as cut. */
const nextChunk = async (reader: ReadableStreamDefaultReader<Chunk>, signal: AbortSignal): Promise<Chunk> => {
  const watch = new StallWatch(signal);
  const cancel = (): void => {
    reader.cancel().catch(() => undefined);
  };
  watch.signal.addEventListener('abort', cancel);
  if (signal.aborted) {
    cancel();
  }
  try {
    const {value} = await reader.read();
    if (!value) {
      throw new TypeError('The connection was cut.');
    }
    return value;
  } finally {
    watch.end();
  }
};

/** Tells whether another attempt may fare better. */
const isPassing = (error: unknown): boolean =>
  error instanceof UpstreamFailure ? error.isPassing : !(error instanceof FileChanged);
