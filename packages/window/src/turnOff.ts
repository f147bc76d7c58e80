import {ask} from './ask.ts';
import {HoldfastError} from './HoldfastError.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';

/**
 * Turns it all off: the caches of all releases are deleted and the worker is unregistered. Pages that are open keep
 * the worker, which stores nothing more, until they are reloaded.
 *
 * A worker that does not answer is left alone: it may be somebody else's.
 *
 * @param options `timeoutSeconds` is 10 by default, for each of the steps.
 * @returns the names of the caches that were deleted: none where no worker was active.
 * @throws HoldfastError `unsupported`, `refused` (the caches could not be deleted; the worker is gone all the
 * same), `timeout`.
 */
export const turnOff = async ({timeoutSeconds = 10}: TimeLimit = {}): Promise<string[]> => {
  const container = serviceWorkers();
  const registration = await withTimeLimit(
    () => container.getRegistration(),
    timeoutSeconds,
    () => 'the registration of the worker',
  );
  const worker = registration?.active;
  if (!worker) {
    return [];
  }
  const unregister = () =>
    withTimeLimit(
      () => registration.unregister(),
      timeoutSeconds,
      () => 'the worker to be unregistered',
    );
  try {
    const {dropped} = await ask('HOLDFAST_TURN_OFF', {}, timeoutSeconds, worker);
    await unregister();
    return dropped;
  } catch (error) {
    if (error instanceof HoldfastError && error.code === 'refused') {
      await unregister();
    }
    throw error;
  }
};
