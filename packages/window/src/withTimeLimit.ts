import {HoldfastError} from './HoldfastError.ts';

/** Every call takes one. */
export interface TimeLimit {
  /** How long to wait before the call is given up with a `timeout` error. */
  timeoutSeconds?: number | undefined;
}

/**
 * Runs a task that settles in time.
 *
 * @param waitingFor says, for the error, what did not come about.
 */
export const withTimeLimit = async <Result>(
  task: () => Promise<Result>,
  seconds: number,
  waitingFor: () => string,
): Promise<Result> => {
  if (!(seconds > 0)) {
    throw new TypeError(`timeoutSeconds must be a number above 0, but is ${seconds}.`);
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new HoldfastError('timeout', `Waited ${seconds} s for ${waitingFor()}.`));
    }, seconds * 1000);
  });
  try {
    return await Promise.race([task(), limit]);
  } finally {
    clearTimeout(timer);
  }
};
