/** What the sampling thread gets, and where it writes its results. */
export interface Watched {
  /** The process whose descendants are measured. */
  root: number;
  bytes: Float64Array;
}

/** The index of the latest sum, and of the highest. */
export const LATEST = 0;
export const PEAK = 1;
