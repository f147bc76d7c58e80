/** All that a worker does to the world outside of it goes through this, and nothing does once the worker is dead. */
export interface Gate {
  /** Takes a step. Of a dead worker nothing is done, and the promise never settles. */
  step<Result>(action: () => Promise<Result> | Result): Promise<Result>;
  /** Notes a step that is taken at once. @throws DOMException when the worker is dead. */
  stepNow(): void;
  /** A promise of the worker's own, which never settles once the worker is dead. */
  own<Result>(promise: Promise<Result>): Promise<Result>;
  /** Aborts when the worker dies. */
  readonly death: AbortSignal;
}
