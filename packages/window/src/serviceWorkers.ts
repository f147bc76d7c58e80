import {HoldfastError} from './HoldfastError.ts';

/** The page's `navigator.serviceWorker`, or an error that says why it has none. */
export const serviceWorkers = (): ServiceWorkerContainer => {
  if (!('serviceWorker' in navigator)) {
    throw new HoldfastError(
      'unsupported',
      globalThis.isSecureContext
        ? 'This browser has no service workers (they may be turned off in its private mode).'
        : 'Service workers need https:// or http://localhost, and this page has neither.',
    );
  }
  try {
    return navigator.serviceWorker;
  } catch (cause) {
    // A frame that is sandboxed without allow-same-origin, for one.
    throw new HoldfastError('unsupported', 'This page may not use service workers.', {cause});
  }
};
