/** Time as the code sees it, so that a test can hold it. */
export interface Clock {
  /** Milliseconds. It never goes back. */
  now(): number;
  /** Calls back after some milliseconds. Returns a function that prevents it. */
  after(milliseconds: number, callback: () => void): () => void;
}

/** A longer timer fires at once. https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock of the browser. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, Math.min(milliseconds, LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
