import {HoldfastError} from './HoldfastError.ts';

/**
 * Returns the worker that has been installed and waits until the pages of the older one are closed; `undefined` for none.
 * https://w3c.github.io/ServiceWorker/#service-worker-registration-waiting-worker
 */
export const waitingWorker = async (
  registration: ServiceWorkerRegistration,
): Promise<ServiceWorker | undefined> => {
  // Until then it is not known whether there is another script.
  await registration.update().catch(() => undefined);
  const {installing} = registration;
  if (installing) {
    await new Promise<void>((resolve) => {
      installing.addEventListener('statechange', () => resolve());
    });
  }
  return registration.waiting ?? undefined;
};

/** The error of a page whose worker does not answer while a newer one waits. */
export const waitingError = (): HoldfastError =>
  new HoldfastError(
    'waiting',
    'An older worker controls this page and does not know Holdfast. The new worker waits until all pages of the older one ' +
      'are closed. To replace it now, call register(url, {activateWaiting: true}).',
  );
