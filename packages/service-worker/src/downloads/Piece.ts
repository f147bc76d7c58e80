type Chunk = Uint8Array<ArrayBuffer>;

/** A piece in memory, from its first byte until it is stored. */
export class Piece {
  readonly start: number;
  end: number;
  /** Where it ends if nothing comes between. */
  readonly plannedEnd: number;
  readonly chunks: Chunk[] = [];
  /** What is added, for storage, which takes it as it comes. It breaks off if the piece does. */
  readonly body: ReadableStream<Chunk>;
  /** Whether it has ended before its planned end. */
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

  /** Nothing more will come. */
  cut(): void {
    this.isCut = true;
    this.controller?.error(new Error('The piece was cut.'));
  }

  /** What there is from an offset of the file on, as far as one chunk goes. */
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
