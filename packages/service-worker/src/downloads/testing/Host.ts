import type {Chunk} from '../Piece.ts';

/** Bytes that differ by where they are, and by file. */
export const bytesOf = (size: number, seed = 0): Chunk =>
  Uint8Array.from({length: size}, (_, offset) => (offset ^ (offset >> 8) ^ (offset >> 16)) * 31 + seed);

/** Reads a stream to its end. Rejects when it fails. */
export const drain = async (stream: ReadableStream<Chunk> | null | undefined): Promise<Chunk> => {
  const reader = stream?.getReader();
  const chunks: Chunk[] = [];
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
    chunks.push(next.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
};

/** A host of one file, in place of `fetch`. It sends as fast as it is read, and records what it is asked. */
export class Host {
  file: Chunk;
  /** Headers of each answer with the file. */
  headers: Record<string, string> = {etag: '"one"', 'content-type': 'model/onnx'};
  takesRanges = true;
  /** The URL of a redirect. */
  url = '';
  /** The requested ranges; `null` for the whole file. */
  readonly asked: (string | null)[] = [];
  /**
   * What it answers the next requests instead, in this order. Errors are thrown. Where a request for a range has failed so,
   * one for the whole file that comes next is the same attempt, and fails, too.
   */
  readonly instead: (Response | Error)[] = [];
  /** What it answers each request for a range instead. An error is thrown. */
  insteadOfRanges: (() => Response | Error) | undefined;
  /** Bytes that it has sent, in all answers. */
  sent = 0;
  /** Answers in progress. */
  open = 0;
  /** The offsets of the file at which it cuts connections, each once. */
  readonly cuts: number[] = [];
  private readonly chunkBytes: number;
  /** The offset up to which it sends, until {@link goOn}. */
  private heldAt = Number.POSITIVE_INFINITY;
  private release: () => void = () => undefined;
  private released: Promise<void> = Promise.resolve();
  private answering: Promise<void> = Promise.resolve();
  private onAsked: () => void = () => undefined;
  private refusal: Error | undefined;

  constructor(file: Chunk, chunkBytes: number) {
    this.file = file;
    this.chunkBytes = chunkBytes;
  }

  /** Sends nothing from an offset on until {@link goOn}, except to requests that begin behind it. */
  holdAt(offset: number): void {
    this.heldAt = offset;
    this.released = new Promise((resolve) => {
      this.release = resolve;
    });
  }

  /** Keeps requests waiting. @returns what ends that, and a promise for the first request. */
  keepWaiting(): {answer: () => void; asked: Promise<void>} {
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      this.onAsked = resolve;
    });
    this.answering = new Promise((resolve) => {
      answer = resolve;
    });
    return {answer, asked};
  }

  goOn(): void {
    this.heldAt = Number.POSITIVE_INFINITY;
    this.release();
  }

  fetch = async (request: Request, init?: RequestInit): Promise<Response> => {
    const signal = init?.signal ?? request.signal;
    signal.throwIfAborted();
    const range = request.headers.get('range');
    const again = range === null ? this.refusal : undefined;
    this.refusal = undefined;
    if (!again) {
      this.asked.push(range);
    }
    this.onAsked();
    await this.answering;
    signal.throwIfAborted();
    const next = again ?? this.instead.shift() ?? (range === null ? undefined : this.insteadOfRanges?.());
    if (range !== null && !this.insteadOfRanges && next instanceof Error) {
      this.refusal = next;
    }
    if (next instanceof Error) {
      throw next;
    }
    return next ?? this.answer(range, signal);
  };

  private answer(range: string | null, signal: AbortSignal): Response {
    const {byteLength: size} = this.file;
    const [, first, last] = (this.takesRanges && /^bytes=(\d+)-(\d*)$/.exec(range ?? '')) || [];
    const start = Number(first ?? 0);
    const end = first && last ? Math.min(Number(last) + 1, size) : size;
    const headers = new Headers(this.headers);
    headers.set('content-length', String(end - start));
    if (first) {
      headers.set('content-range', `bytes ${start}-${end - 1}/${size}`);
    }
    const response = new Response(this.body(start, end, signal), {status: first ? 206 : 200, headers});
    return Object.defineProperties(response, {
      url: {value: this.url},
      redirected: {value: this.url !== ''},
    });
  }

  private body(start: number, end: number, signal: AbortSignal): ReadableStream<Chunk> {
    const {file} = this;
    let offset = start;
    let isOpen = true;
    this.open += 1;
    const close = (): void => {
      this.open -= isOpen ? 1 : 0;
      isOpen = false;
    };
    return new ReadableStream<Chunk>(
      {
        start: (controller) => {
          signal.addEventListener('abort', () => {
            close();
            controller.error(signal.reason);
          });
        },
        pull: async (controller) => {
          while (start < this.heldAt && offset >= this.heldAt && isOpen) {
            await this.released;
          }
          if (!isOpen) {
            return;
          }
          const cut = this.cuts.indexOf(offset);
          if (cut >= 0) {
            this.cuts.splice(cut, 1);
            close();
            controller.error(new TypeError('network error'));
            return;
          }
          const stops = [offset + this.chunkBytes, end, this.heldAt, ...this.cuts];
          const to = Math.min(...stops.filter((stop) => stop > offset));
          controller.enqueue(file.slice(offset, to));
          this.sent += to - offset;
          offset = to;
          if (offset === end) {
            close();
            controller.close();
          }
        },
        cancel: close,
      },
      {highWaterMark: 0},
    );
  }
}
