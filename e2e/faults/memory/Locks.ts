interface LockRequest {
  owner: object;
  name: string;
  isShared: boolean;
  grant: () => void;
}

/** The Web Locks of an origin, as far as the workers use them. https://w3c.github.io/web-locks/ */
export class Locks {
  private held: LockRequest[] = [];
  private queue: LockRequest[] = [];

  request<Result>(
    owner: object,
    name: string,
    {mode = 'exclusive', signal}: LockOptions,
    callback: () => Promise<Result> | Result,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const onAbort = () => {
        this.queue = this.queue.filter((one) => one !== request);
        reject(signal?.reason);
        this.grantNext();
      };
      const request: LockRequest = {
        owner,
        name,
        isShared: mode === 'shared',
        grant: () => {
          signal?.removeEventListener('abort', onAbort);
          const result = Promise.resolve().then(callback);
          const release = () => {
            this.held = this.held.filter((one) => one !== request);
            this.grantNext();
          };
          result.then(release, release);
          resolve(result);
        },
      };
      signal?.addEventListener('abort', onAbort);
      this.queue.push(request);
      this.grantNext();
    });
  }

  /** https://w3c.github.io/web-locks/#dom-lockmanager-query */
  query(): {held: {name: string}[]; pending: {name: string}[]} {
    const named = ({name}: LockRequest) => ({name});
    return {held: this.held.map(named), pending: this.queue.map(named)};
  }

  /** Releases all locks of a dead worker, and removes its requests. */
  forget(owner: object): void {
    this.held = this.held.filter((one) => one.owner !== owner);
    this.queue = this.queue.filter((one) => one.owner !== owner);
    this.grantNext();
  }

  private grantNext(): void {
    const before: LockRequest[] = [...this.held];
    for (const request of [...this.queue]) {
      const rivals = before.filter(({name}) => name === request.name);
      before.push(request);
      if (rivals.length === 0 || (request.isShared && rivals.every(({isShared}) => isShared))) {
        this.queue = this.queue.filter((one) => one !== request);
        this.held.push(request);
        request.grant();
      }
    }
  }
}
