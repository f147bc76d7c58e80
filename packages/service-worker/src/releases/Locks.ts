const SWITCH = 'holdfast-releases';

/**
 * Does work under a Web Lock, or otherwise where the browser has none, or refuses them: as it may where it keeps no data.
 *
 * @throws the reason of the signal in the options.
 */
export const withLock = async <Result>(
  name: string,
  options: LockOptions,
  work: () => Promise<Result>,
  otherwise: () => Promise<Result>,
): Promise<Result> => {
  let hasBegun = false;
  const begin = (): Promise<Result> => {
    hasBegun = true;
    return work();
  };
  if (!navigator.locks) {
    return otherwise();
  }
  try {
    return (await navigator.locks.request(name, options, begin)) as Result;
  } catch (error) {
    if (hasBegun || options.signal?.aborted) {
      throw error;
    }
    return otherwise();
  }
};

/**
 * Keeps changes of releases in order, in all workers of the origin (an active and a waiting one, say). The browser
 * releases a lock when its worker dies. Without Web Locks, as in Safari before 15.4, each worker keeps order by itself
 * alone. https://w3c.github.io/web-locks/
 */
export class Locks {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs one change of versions at a time, in the order in which they were asked for. */
  withSwitchLock<Result>(change: () => Promise<Result>): Promise<Result> {
    return this.withLock('exclusive', change);
  }

  /** Looks at caches while no version is changed. */
  withoutSwitches<Result>(look: () => Promise<Result>): Promise<Result> {
    return this.withLock('shared', look);
  }

  private withLock<Result>(mode: LockMode, work: () => Promise<Result>): Promise<Result> {
    return withLock(SWITCH, {mode}, work, () => this.inTurn(work));
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.last.then(work, work);
    this.last = turn;
    return turn;
  }
}
