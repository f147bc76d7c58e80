import {HoldfastError} from './HoldfastError.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';
import {ask} from './workerLink.ts';

/**
 * Turns everything off: the worker deletes the caches of all releases, and is unregistered. Open pages keep the worker,
 * which stores nothing more, until they are reloaded.
 *
 * A worker that does not answer stays: it may belong to another library.
 *
 * @param options `timeoutSeconds` is 10 by default, for each of the steps.
 * @returns the names of the deleted caches: none where no worker was active.
 * @throws HoldfastError `unsupported`, `refused` (the caches could not be deleted; the worker is unregistered all the
 * same), `timeout`.
 */
export const turnOff = async ({timeoutSeconds = 10}: TimeLimit = {}): Promise<string[]> => {
  const container = serviceWorkers();
  const registration = await withTimeLimit(
    () => container.getRegistration(),
    {timeoutSeconds},
    () => 'the registration of the worker',
  );
  const worker = registration?.active;
  if (!worker) {
    return [];
  }
  const unregister = () =>
    withTimeLimit(
      () => registration.unregister(),
      {timeoutSeconds},
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
