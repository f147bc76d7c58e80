/** Older bytes say nothing about the speed of now. */
const WINDOW_MS = 5000;

/** How fast bytes come. */
export class Speedometer {
  /** The times at which bytes were counted, and how many had come by then. The first is the oldest of the window. */
  private readonly counts: {at: number; bytes: number}[] = [];
  private readonly now: () => number;

  /** @param now milliseconds, of a clock that does not jump. */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** @param bytes those that have come so far. */
  count(bytes: number): void {
    const at = this.now();
    this.counts.push({at, bytes});
    while ((this.counts[1]?.at ?? at) < at - WINDOW_MS) {
      this.counts.shift();
    }
  }

  /** Over the last seconds; 0 if nothing has come in them. */
  get bytesPerSecond(): number {
    const [first] = this.counts;
    const last = this.counts.at(-1);
    const ms = first ? this.now() - first.at : 0;
    return first && last && ms > 0 ? Math.round(((last.bytes - first.bytes) * 1000) / ms) : 0;
  }
}
