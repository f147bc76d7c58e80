const LOCK = 'holdfast-version-scope';

/**
 * Runs one change of versions at a time, in all workers of the origin (an active and a waiting one, say), in
 * the order in which they were asked for. The browser lets go of the lock when a worker dies.
 * https://w3c.github.io/web-locks/
 */
export const withSwitchLock = <Result>(change: () => Promise<Result>): Promise<Result> =>
  navigator.locks.request(LOCK, change) as Promise<Result>;

/** Looks at caches while no version is changed. */
export const withoutSwitches = <Result>(look: () => Promise<Result>): Promise<Result> =>
  navigator.locks.request(LOCK, {mode: 'shared'}, look) as Promise<Result>;
