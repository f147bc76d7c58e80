import {systemClock} from '../timing/Clock.ts';

/** Older bytes say nothing about the current speed. */
const WINDOW_MS = 5000;

/** Measures how fast bytes arrive. */
export class Speedometer {
  /** How many bytes had arrived at which time. The first count is the oldest of the window. */
  private readonly counts: {at: number; bytes: number}[] = [];
  private readonly now: () => number;

  /** @param now returns milliseconds, and never goes back. */
  constructor(now = systemClock.now) {
    this.now = now;
  }

  /** @param bytes how many have arrived so far. */
  count(bytes: number): void {
    const at = this.now();
    this.counts.push({at, bytes});
    while ((this.counts[1]?.at ?? at) < at - WINDOW_MS) {
      this.counts.shift();
    }
  }

  /** The speed over the last seconds; 0 if nothing arrived in them. */
  get bytesPerSecond(): number {
    const [first] = this.counts;
    const last = this.counts.at(-1);
    const ms = first ? this.now() - first.at : 0;
    return first && last && ms > 0 ? Math.round(((last.bytes - first.bytes) * 1000) / ms) : 0;
  }
}
