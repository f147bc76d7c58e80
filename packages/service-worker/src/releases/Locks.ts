const SWITCH = 'holdfast-releases';

/**
 * Keeps changes of releases in order, in all workers of the origin (an active and a waiting one, say). The browser
 * releases a lock when its worker dies. Without Web Locks, as in Safari before 15.4, each worker keeps order by itself
 * alone. https://w3c.github.io/web-locks/
 */
export class Locks {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs one change of versions at a time, in the order in which they were asked for. */
  withSwitchLock<Result>(change: () => Promise<Result>): Promise<Result> {
    return navigator.locks
      ? (navigator.locks.request(SWITCH, change) as Promise<Result>)
      : this.inTurn(change);
  }

  /** Looks at caches while no version is changed. */
  withoutSwitches<Result>(look: () => Promise<Result>): Promise<Result> {
    return navigator.locks
      ? (navigator.locks.request(SWITCH, {mode: 'shared'}, look) as Promise<Result>)
      : this.inTurn(look);
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.last.then(work, work);
    this.last = turn;
    return turn;
  }
}
