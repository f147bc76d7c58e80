const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Waits before the next attempt: longer each time, or until the network is back.
 *
 * @param attempts how many there were in a row without any progress: 1 or more.
 * @throws the signal's reason.
 */
export const pauseBefore = async (attempts: number, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS));
    addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
  signal.throwIfAborted();
};
