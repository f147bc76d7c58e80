interface Timer {
  at: number;
  callback: () => void;
}

/** The timers of a worker. Time passes only in `advance()`. */
export class Clock {
  private now = 0;
  private begun = 0;
  private readonly timers = new Map<number, Timer>();

  setTimeout(callback: () => void, milliseconds: number): number {
    this.begun += 1;
    this.timers.set(this.begun, {at: this.now + milliseconds, callback});
    return this.begun;
  }

  clearTimeout(timer: number): void {
    this.timers.delete(timer);
  }

  advance(milliseconds: number): void {
    this.now += milliseconds;
    for (const [id, {at, callback}] of [...this.timers].sort(([, a], [, b]) => a.at - b.at)) {
      if (at <= this.now && this.timers.delete(id)) {
        callback();
      }
    }
  }
}
