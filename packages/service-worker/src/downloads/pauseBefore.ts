import {UpstreamFailure} from './Upstream.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** A longer timer ends at once. https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits before a host is asked again: longer each time, and at least as long as it wants to be left alone.
 *
 * @throws the signal's reason.
 */
export const pauseBefore = (attempt: number, error: unknown, signal: AbortSignal): Promise<void> => {
  const growing = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  const wanted = error instanceof UpstreamFailure ? error.retryAfterMs : 0;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      },
      Math.min(Math.max(growing, wanted), LONGEST_TIMER_MS),
    );
    signal.addEventListener('abort', onAbort, {once: true});
  });
};
