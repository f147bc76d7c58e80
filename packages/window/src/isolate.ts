import {HoldfastError} from './HoldfastError.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';

/** Remembers in this tab that a reload was tried, so that there is no second one while it does not help. */
const RELOADED = 'holdfast-isolate-reloaded';

/** @returns whether a reload was remembered before. */
const rememberReload = (): boolean => {
  try {
    const wasReloaded = sessionStorage.getItem(RELOADED) !== null;
    sessionStorage.setItem(RELOADED, 'yes');
    return wasReloaded;
  } catch (cause) {
    // Unremembered, the page would reload for ever where it does not help.
    throw new HoldfastError(
      'not-isolated',
      'sessionStorage is blocked or full: a reload cannot be remembered.',
      {cause},
    );
  }
};

const forgetReload = (): void => {
  try {
    sessionStorage.removeItem(RELOADED);
  } catch {
    // Where storage is blocked, nothing was remembered.
  }
};

/**
 * Makes this page cross-origin isolated, so that it has `SharedArrayBuffer` and threads. It reloads the page, once,
 * if the page did not come through the worker, which adds the headers: on a first visit, and after a hard reload.
 * Call it in the top page, after `register()`, and before anything that a reload would undo. Does nothing on a page
 * that is isolated.
 *
 * The worker needs `CrossOriginIsolationPlugin` of `@holdfast/cross-origin-isolation`.
 *
 * @param options `timeoutSeconds` is 20 by default, for the reload.
 * @returns when the page is isolated. While it is being reloaded, the promise is pending.
 * @throws HoldfastError `not-isolated` (a reload did not help, and is not tried again in this tab; or none is made:
 * in a frame, and where `sessionStorage` is blocked), `no-worker` (no worker controls the page), `unsupported`,
 * `timeout` (the reload was prevented, or takes long).
 */
export const isolate = async ({timeoutSeconds = 20}: TimeLimit = {}): Promise<void> => {
  // As a property: older browsers have no such global.
  if (globalThis.crossOriginIsolated) {
    forgetReload();
    return;
  }
  if (self !== top) {
    throw new HoldfastError(
      'not-isolated',
      'This page is in a frame, which is isolated only with the top page: that has to call isolate().',
    );
  }
  const {controller} = serviceWorkers();
  if (!controller) {
    throw new HoldfastError('no-worker', 'No worker controls this page. Call register() first.');
  }
  if (rememberReload()) {
    throw new HoldfastError(
      'not-isolated',
      'A reload did not make this page cross-origin isolated. Does the worker answer it from a strategy with ' +
        'CrossOriginIsolationPlugin?',
    );
  }
  await withTimeLimit(
    () => {
      location.reload();
      return new Promise<never>(() => undefined);
    },
    timeoutSeconds,
    () => 'the page to be reloaded',
  ).finally(forgetReload);
};
