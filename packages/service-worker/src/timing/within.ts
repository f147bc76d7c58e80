import {type Clock, systemClock} from './Clock.ts';

/**
 * Resolves to what a promise resolves to; to `otherwise` when the promise rejects, or takes longer.
 *
 * @param milliseconds the limit.
 */
export const within = async <Result, Otherwise>(
  promise: Promise<Result>,
  milliseconds: number,
  otherwise: Otherwise,
  clock: Clock = systemClock,
): Promise<Result | Otherwise> => {
  let cancel = (): void => undefined;
  const limit = new Promise<Otherwise>((resolve) => {
    cancel = clock.after(milliseconds, () => resolve(otherwise));
  });
  try {
    return await Promise.race([promise.catch(() => otherwise), limit]);
  } finally {
    cancel();
  }
};
