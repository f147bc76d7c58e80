import {systemClock} from '@holdfast/service-worker/timing';
import {HoldfastError} from './HoldfastError.ts';

/** An option of every call. */
export interface TimeLimit {
  /** How long to wait before the call rejects with a `timeout` error. */
  timeoutSeconds?: number | undefined;
}

/**
 * Runs a task that settles in time.
 *
 * @param task gets a function that starts the time again, to be called when the task advances; and a signal that aborts
 * when the time is over, when the caller's signal aborts, and when the task has settled.
 * @param waitingFor returns what did not happen, for the error. A question may follow it.
 * @throws HoldfastError `timeout`; the reason of the caller's signal; what the task throws.
 */
export const withTimeLimit = async <Result>(
  task: (restart: () => void, signal: AbortSignal) => Promise<Result>,
  {timeoutSeconds, signal}: {timeoutSeconds: number; signal?: AbortSignal | undefined},
  waitingFor: () => string,
): Promise<Result> => {
  if (!(timeoutSeconds > 0)) {
    throw new TypeError(`timeoutSeconds must be a number above 0, but got ${timeoutSeconds}.`);
  }
  signal?.throwIfAborted();
  const over = new AbortController();
  const aborted = new Promise<never>((_resolve, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason));
  });
  signal?.addEventListener('abort', () => over.abort(signal.reason), {signal: over.signal});
  let cancel = (): void => undefined;
  const restart = (): void => {
    cancel();
    if (over.signal.aborted) {
      return;
    }
    cancel = systemClock.after(timeoutSeconds * 1000, () => {
      const what = waitingFor();
      const sentence = `Waited ${timeoutSeconds} s for ${what}${what.endsWith('?') ? '' : '.'}`;
      over.abort(new HoldfastError('timeout', sentence));
    });
  };
  restart();
  try {
    return await Promise.race([task(restart, over.signal), aborted]);
  } finally {
    cancel();
    over.abort();
  }
};
