import {HoldfastError} from './HoldfastError.ts';
import {serviceWorkers} from './serviceWorkers.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';

/** Key of the time when this tab was last reloaded after a reload that had bypassed the worker. */
const RETRIED_AT = 'holdfast-isolate-retried-at';

/** Another attempt so soon is a loop, not a user. */
const LOOP_MS = 10_000;

/**
 * Returns whether a reload did not help, so that another one would not either.
 *
 * The browser knows how the page was loaded, and whether a worker answered it. `sessionStorage` alone is not enough: in
 * Chromium, a page in another process may read an older value.
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
  // A hard reload, after which an ordinary one helps; or a browser that is set to bypass workers, where none does.
  try {
    const before = Number(sessionStorage.getItem(RETRIED_AT));
    sessionStorage.setItem(RETRIED_AT, String(Date.now()));
    return Date.now() - before < LOOP_MS;
  } catch {
    return true;
  }
};

/**
 * Makes this page cross-origin isolated, so that it has `SharedArrayBuffer` and threads. Reloads the page, once, if the
 * page did not come through the worker, which adds the headers: on a first visit, and after a hard reload. Does nothing
 * on a page that is isolated.
 *
 * Call it in the top page, after `register()`, and before anything that a reload would undo. The route of the pages
 * needs `crossOriginIsolation()`, or `CrossOriginIsolationPlugin` of `@holdfast/service-worker/isolation`.
 *
 * @param options `timeoutSeconds` is 20 by default, for the reload.
 * @returns a promise that resolves when the page is isolated, and is pending while the page is reloaded.
 * @throws HoldfastError `not-isolated` (a reload did not help; or the page is in a frame, where none is made),
 * `no-worker` (no worker controls the page), `unsupported`, `timeout` (the reload was prevented, or takes too long).
 */
export const isolate = async ({timeoutSeconds = 20}: TimeLimit = {}): Promise<void> => {
  // As a property: older browsers do not have the global.
  if (globalThis.crossOriginIsolated) {
    return;
  }
  if (self !== top) {
    throw new HoldfastError(
      'not-isolated',
      'This page is in a frame, which is isolated only with the top page. Call isolate() in the top page.',
    );
  }
  const {controller} = serviceWorkers();
  if (!controller) {
    throw new HoldfastError('no-worker', 'No service worker controls this page. Call register() first.');
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
    {timeoutSeconds},
    () => 'the page to be reloaded',
  );
};
