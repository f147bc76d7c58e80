const LOCK = 'holdfast-version-scope';

let last: Promise<unknown> = Promise.resolve();

/** At least one worker does one thing after the other where there are no Web Locks, as in Safari before 15.4. */
const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
  const turn = last.then(work, work);
  last = turn;
  return turn;
};

/**
 * Runs one change of versions at a time, in all workers of the origin (an active and a waiting one, say), in
 * the order in which they were asked for. The browser lets go of the lock when a worker dies.
 * https://w3c.github.io/web-locks/
 */
export const withSwitchLock = <Result>(change: () => Promise<Result>): Promise<Result> =>
  navigator.locks ? (navigator.locks.request(LOCK, change) as Promise<Result>) : inTurn(change);

/** Looks at caches while no version is changed. */
export const withoutSwitches = <Result>(look: () => Promise<Result>): Promise<Result> =>
  navigator.locks ? (navigator.locks.request(LOCK, {mode: 'shared'}, look) as Promise<Result>) : inTurn(look);
