/** A connection on which nothing has come for this long has broken, whatever the browser says. */
const STALLED_AFTER_MS = 30_000;

/** Gives a download up on which nothing comes any more, or that nobody wants. */
export class StallWatch {
  private readonly controller = new AbortController();
  private readonly outer: AbortSignal;
  private timer: ReturnType<typeof setTimeout> | undefined;
  isStalled = false;

  constructor(outer: AbortSignal) {
    this.outer = outer;
    outer.addEventListener('abort', this.abort);
    this.alive();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something has come. */
  alive(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.isStalled = true;
      this.abort();
    }, STALLED_AFTER_MS);
  }

  end(): void {
    clearTimeout(this.timer);
    this.outer.removeEventListener('abort', this.abort);
  }

  private readonly abort = (): void => this.controller.abort();
}
