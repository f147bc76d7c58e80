import {HoldfastError} from './HoldfastError.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';

/** Remembers in this tab that a reload was tried, so that there is no second one while it does not help. */
const RELOADED = 'holdfast-isolate-reloaded';

/**
 * Makes this page cross-origin isolated, so that it has `SharedArrayBuffer` and threads. It reloads the page, once,
 * if the page did not come through the worker, which adds the headers: on a first visit, and after a hard reload.
 * Call it after `register()`, and before anything that a reload would undo. Does nothing on a page that is isolated.
 *
 * The worker needs `CrossOriginIsolationPlugin` of `@holdfast/cross-origin-isolation`.
 *
 * @param options `timeoutSeconds` is 20 by default, for the reload.
 * @returns when the page is isolated. While it is being reloaded, the promise is pending.
 * @throws HoldfastError `not-isolated` (a reload did not help; it is not tried again in this tab), `no-worker` (no
 * worker controls the page), `unsupported`, `timeout` (the reload was prevented, or takes long).
 */
export const isolate = async ({timeoutSeconds = 20}: TimeLimit = {}): Promise<void> => {
  if (crossOriginIsolated) {
    sessionStorage.removeItem(RELOADED);
    return;
  }
  const {controller} = serviceWorkers();
  if (!controller) {
    throw new HoldfastError('no-worker', 'No worker controls this page. Call register() first.');
  }
  if (sessionStorage.getItem(RELOADED)) {
    throw new HoldfastError(
      'not-isolated',
      'A reload did not make this page cross-origin isolated. Does the worker answer it from a strategy with ' +
        'CrossOriginIsolationPlugin? Is it in a frame of a page that is not isolated?',
    );
  }
  await withTimeLimit(
    () => {
      sessionStorage.setItem(RELOADED, 'yes');
      location.reload();
      return new Promise<never>(() => undefined);
    },
    timeoutSeconds,
    () => 'the page to be reloaded',
  );
};
