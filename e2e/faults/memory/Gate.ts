/** What a worker does to the world goes through this gate. Nothing passes once the worker is dead. */
export interface Gate {
  /** Takes a step. In a dead worker it does nothing, and the promise never settles. */
  step<Result>(action: () => Promise<Result> | Result): Promise<Result>;
  /** Counts a step that is taken at once. @throws DOMException when the worker is dead. */
  stepNow(): void;
  /** Returns a promise of the worker's realm, which never settles once the worker is dead. */
  own<Result>(promise: Promise<Result>): Promise<Result>;
  /** Aborts when the worker dies. */
  readonly death: AbortSignal;
}
