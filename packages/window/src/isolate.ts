import {HoldfastError} from './HoldfastError.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';

/** When this tab was last reloaded although a reload had gone round the worker. */
const RETRIED_AT = 'holdfast-isolate-retried-at';

/** So soon after one attempt, another is a loop and not a person. */
const LOOP_MS = 10_000;

/**
 * Whether this page is what a reload has made, so that another one would make the same.
 *
 * The browser tells: how the page was loaded, and whether a worker was started for it. `sessionStorage` alone would not
 * do: in Chromium, a page with another process may read what it held before.
 * https://w3c.github.io/ServiceWorker/#dom-performanceresourcetiming-workerstart
 */
const isReloadedInVain = (): boolean => {
  const [load] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  if (load?.type !== 'reload') {
    return false;
  }
  if (load.workerStart > 0) {
    return true;
  }
  // A hard reload, after which an ordinary one helps. Or a browser that is told to go round workers: then none does.
  try {
    const before = Number(sessionStorage.getItem(RETRIED_AT));
    sessionStorage.setItem(RETRIED_AT, String(Date.now()));
    return Date.now() - before < LOOP_MS;
  } catch {
    return true;
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
 * @throws HoldfastError `not-isolated` (a reload did not help; or none is made, in a frame), `no-worker` (no worker
 * controls the page), `unsupported`, `timeout` (the reload was prevented, or takes long).
 */
export const isolate = async ({timeoutSeconds = 20}: TimeLimit = {}): Promise<void> => {
  // As a property: older browsers have no such global.
  if (globalThis.crossOriginIsolated) {
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
  if (isReloadedInVain()) {
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
  );
};
