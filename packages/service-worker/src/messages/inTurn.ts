/**
 * Returns a function that does the same, for some calls at a time: the others wait for their turn, so that a flood of them
 * leaves storage to requests.
 */
export const inTurn = <Args extends unknown[], Result>(
  work: (...args: Args) => Promise<Result>,
  atATime: number,
): ((...args: Args) => Promise<Result>) => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (...args) => {
    if (running < atATime) {
      running += 1;
    } else {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    }
    try {
      return await work(...args);
    } finally {
      const next = waiting.shift();
      if (next) {
        next();
      } else {
        running -= 1;
      }
    }
  };
};
