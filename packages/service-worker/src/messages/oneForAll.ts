/**
 * Returns a function that does the same, once for all calls that come before it begins, and one at a time. Each caller
 * gets what was true after its call.
 */
export const oneForAll = <Result>(work: () => Promise<Result>): (() => Promise<Result>) => {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<Result> | undefined;
  return () => {
    next ??= running.then(() => {
      next = undefined;
      const result = work();
      running = result.catch(() => undefined);
      return result;
    });
    return next;
  };
};
