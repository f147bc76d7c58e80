import {HoldfastError} from './HoldfastError.ts';

/**
 * Returns the page's `navigator.serviceWorker`.
 *
 * @throws HoldfastError `unsupported`, which says why the page has none.
 */
export const serviceWorkers = (): ServiceWorkerContainer => {
  if (!('serviceWorker' in navigator)) {
    throw new HoldfastError(
      'unsupported',
      globalThis.isSecureContext
        ? 'This browser has no service workers. Some browsers turn them off in private windows.'
        : 'Service workers need https:// or http://localhost, and this page has neither.',
    );
  }
  try {
    return navigator.serviceWorker;
  } catch (cause) {
    // In a frame that is sandboxed without allow-same-origin, for one.
    throw new HoldfastError('unsupported', 'This page may not use service workers.', {cause});
  }
};
