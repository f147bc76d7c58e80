import {type Clock, systemClock} from './Clock.ts';

/** A connection without a sign of life for this long is broken, whatever the browser reports. */
export const STALLS_AFTER_MS = 30_000;

/** Aborts a request when nothing arrives for a while (in milliseconds), or when an outer signal aborts. */
export class StallWatch {
  /** Whether it was this watch that aborted, not the outer signal. */
  isStalled = false;
  private readonly controller = new AbortController();
  private readonly outer: AbortSignal;
  private readonly afterMs: number;
  private readonly clock: Clock;
  private cancel: () => void = () => undefined;

  constructor(outer: AbortSignal, afterMs = STALLS_AFTER_MS, clock: Clock = systemClock) {
    this.outer = outer;
    this.afterMs = afterMs;
    this.clock = clock;
    if (outer.aborted) {
      this.onAbort();
    } else {
      outer.addEventListener('abort', this.onAbort);
      this.alive();
    }
  }

  /** Aborts with the outer signal's reason, or with a TypeError, as a broken connection does. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Begins the time anew: something has arrived. */
  alive(): void {
    this.cancel();
    this.cancel = this.clock.after(this.afterMs, () => this.stall());
  }

  /** Aborts at once: whatever else is known of the connection, it brings nothing. */
  stall(): void {
    this.cancel();
    this.isStalled = true;
    this.controller.abort(new TypeError('Nothing arrives on the connection any more.'));
  }

  /** Stops watching. */
  end(): void {
    this.cancel();
    this.outer.removeEventListener('abort', this.onAbort);
  }

  private readonly onAbort = (): void => {
    this.cancel();
    this.controller.abort(this.outer.reason);
  };
}
