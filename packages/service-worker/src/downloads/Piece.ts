/** Bytes as they arrive. */
export type Chunk = Uint8Array<ArrayBuffer>;

/** A piece in memory, from its first byte until it is stored. */
export class Piece {
  readonly start: number;
  end: number;
  /** Where it ends if nothing cuts it off. */
  readonly plannedEnd: number;
  readonly chunks: Chunk[] = [];
  /** Streams what is added to storage, which takes it as it arrives. Fails if the piece is cut off. */
  readonly body: ReadableStream<Chunk>;
  /** Whether it ended before its planned end. */
  isCut = false;
  private controller: ReadableStreamDefaultController<Chunk> | undefined;

  constructor(start: number, plannedEnd: number) {
    this.start = start;
    this.end = start;
    this.plannedEnd = plannedEnd;
    this.body = new ReadableStream({
      start: (controller) => {
        this.controller = controller;
      },
      // Storage has failed.
      cancel: () => {
        this.controller = undefined;
      },
    });
  }

  /** Where it has ended, or will. */
  get lastEnd(): number {
    return this.isCut ? this.end : this.plannedEnd;
  }

  add(chunk: Chunk): void {
    this.chunks.push(chunk);
    this.end += chunk.byteLength;
    this.controller?.enqueue(chunk);
    if (this.end === this.plannedEnd) {
      this.controller?.close();
    }
  }

  /** Ends the piece: no more bytes will arrive. */
  cut(): void {
    this.isCut = true;
    this.abandon();
  }

  /** Ends the stream to storage. Readers still get the piece. */
  abandon(): void {
    this.controller?.error(new Error('The piece was cut off.'));
    this.controller = undefined;
  }

  /** Returns the bytes from an offset of the file to the end of one chunk. */
  from(offset: number): Chunk | undefined {
    let at = this.start;
    for (const chunk of this.chunks) {
      if (at <= offset && offset < at + chunk.byteLength) {
        return offset === at ? chunk : chunk.subarray(offset - at);
      }
      at += chunk.byteLength;
    }
    return undefined;
  }
}
