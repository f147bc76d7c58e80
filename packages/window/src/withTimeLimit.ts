import {HoldfastError} from './HoldfastError.ts';

/** Every call takes one. */
export interface TimeLimit {
  /** How long to wait before the call is given up with a `timeout` error. */
  timeoutSeconds?: number | undefined;
}

/** What is longer would be over at once. https://html.spec.whatwg.org/#dom-settimeout */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs a task that settles in time.
 *
 * @param task is given a function that begins the time anew, to be called when it has got on.
 * @param waitingFor says, for the error, what did not come about. A question may stand behind it.
 */
export const withTimeLimit = async <Result>(
  task: (restart: () => void) => Promise<Result>,
  seconds: number,
  waitingFor: () => string,
): Promise<Result> => {
  if (!(seconds > 0)) {
    throw new TypeError(`timeoutSeconds must be a number above 0, but is ${seconds}.`);
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  let restart: () => void = () => undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    restart = () => {
      clearTimeout(timer);
      timer = setTimeout(
        () => {
          const what = waitingFor();
          const sentence = `Waited ${seconds} s for ${what}${what.endsWith('?') ? '' : '.'}`;
          reject(new HoldfastError('timeout', sentence));
        },
        Math.min(seconds * 1000, LONGEST_TIMER_MS),
      );
    };
  });
  restart();
  try {
    return await Promise.race([task(restart), limit]);
  } finally {
    clearTimeout(timer);
  }
};
