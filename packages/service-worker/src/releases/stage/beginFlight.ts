import type {Flight} from '../InFlight.ts';
import type {Pin} from '../pinRequest.ts';
import type {Stage} from './Stage.ts';

/**
 * Begins the flight of an asset. If a page's request has one, waits for its end first, while it makes progress: what
 * that stores counts as present. Nothing can come between the last look and the beginning.
 *
 * @throws the signal's reason.
 */
export const beginFlight = async (pin: Pin, {releases, progress, aborted}: Stage): Promise<Flight> => {
  const {inFlight} = releases;
  let hasStalled = false;
  for (let other = inFlight.get(pin); other; other = inFlight.get(pin)) {
    const current = other;
    const ended = await progress.whileWaiting(() => Promise.race([inFlight.whenEnded(current), aborted]));
    hasStalled ||= ended === undefined;
  }
  return inFlight.begin(pin, false, hasStalled);
};
