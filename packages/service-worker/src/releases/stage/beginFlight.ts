import type {Flight} from '../InFlight.ts';
import type {Pin} from '../pinRequest.ts';
import type {Stage} from './Stage.ts';

/**
 * Begins the flight of an asset. If a page's request has one, waits for its end first: what that stores counts as
 * present. Nothing can come between the last look and the beginning.
 *
 * @throws the signal's reason.
 */
export const beginFlight = async (pin: Pin, {releases, progress, aborted}: Stage): Promise<Flight> => {
  const {inFlight} = releases;
  let awaited: Flight | undefined;
  for (let other = inFlight.get(pin); other && other !== awaited; other = inFlight.get(pin)) {
    const current = other;
    awaited = current;
    await progress.whileWaiting(() => Promise.race([inFlight.whenEnded(current), aborted]));
  }
  // A flight that is still there makes no progress, and its page is gone.
  return inFlight.begin(pin);
};
