/** A route that would take a request, but for one thing. */
export interface MissedRoute {
  /** Its place among the worker's routes for the method that it takes, from 1 on. */
  index: number;
  /**
   * What keeps it from that.
   *
   * - `origin`: its RegExp matches, but not from the first character of the URL, which is of another origin.
   * - `method`: it takes requests of another method.
   * - `destination`: it takes requests of other destinations.
   */
  because: 'origin' | 'method' | 'destination';
  /** The methods or destinations that it takes. */
  takes: readonly string[];
}
