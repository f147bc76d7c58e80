/** What the thread that samples is told, and the place where it says what it has found. */
export interface Watched {
  /** The process whose descendants are looked at. */
  root: number;
  bytes: Float64Array;
}

/** Where the last sum is, and where the highest. */
export const LATEST = 0;
export const PEAK = 1;
