import {type Clock, systemClock} from './Clock.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** What may lengthen or end a pause. */
export interface PauseOptions {
  /** A host may ask to be left alone for this long, in milliseconds. */
  atLeastMs?: number | undefined;
  /** Ends the pause early: the event `online` of a page, say. */
  endsOn?: {target: EventTarget; type: string} | undefined;
  clock?: Clock | undefined;
}

/**
 * Waits before the next attempt: half a second at first, then twice as long each time, up to half a minute.
 *
 * @param attempts how many failed in a row, from 1 on.
 * @throws the signal's reason.
 */
export const pauseBefore = async (
  attempts: number,
  signal: AbortSignal,
  {atLeastMs = 0, endsOn, clock = systemClock}: PauseOptions = {},
): Promise<void> => {
  signal.throwIfAborted();
  const growing = Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
  await new Promise<void>((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      endsOn?.target.removeEventListener(endsOn.type, end);
      resolve();
    };
    const cancel = clock.after(Math.max(growing, atLeastMs), end);
    signal.addEventListener('abort', end);
    endsOn?.target.addEventListener(endsOn.type, end);
  });
  signal.throwIfAborted();
};
