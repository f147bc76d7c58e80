import {ask} from './ask.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';

/**
 * Turns it all off: the worker's caches are deleted and the worker is unregistered. Pages that are open keep
 * the worker, which stores nothing more, until they are reloaded.
 *
 * The worker goes even if its caches could not be deleted; the error then says so.
 *
 * @param options `timeoutSeconds` is 10 by default, for each of the two steps.
 * @returns the names of the caches that were deleted: none where no worker was registered.
 * @throws HoldfastError `unsupported`, `refused`, `timeout`.
 */
export const turnOff = async ({timeoutSeconds = 10}: TimeLimit = {}): Promise<string[]> => {
  const registration = await serviceWorkers().getRegistration();
  if (!registration) {
    return [];
  }
  try {
    const {active} = registration;
    return active ? (await ask('HOLDFAST_TURN_OFF', {}, timeoutSeconds, active)).dropped : [];
  } finally {
    await withTimeLimit(registration.unregister(), timeoutSeconds, () => 'the worker to be unregistered');
  }
};
