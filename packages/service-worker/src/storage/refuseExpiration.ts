import type {WorkboxPlugin} from 'workbox-core/types.js';

/** What `ExpirationPlugin` looks like from outside: a worker without it does not carry its code. */
const isExpiration = (plugin: object): boolean => 'deleteCacheAndMetadata' in plugin;

/**
 * Refuses Workbox's `ExpirationPlugin` beside a budget, in a development build: it would delete files of which the ledger
 * does not hear.
 *
 * @throws TypeError that says what to write instead.
 */
export const refuseExpiration = (plugins: readonly WorkboxPlugin[]): void => {
  if (process.env.NODE_ENV !== 'production' && plugins.some(isExpiration)) {
    throw new TypeError(
      'BudgetPlugin: option `plugins` of the strategy must be without ExpirationPlugin, which would delete files without a ' +
        'word to the budget. Leave it out: the budget has maxEntries and maxAgeSeconds, too.',
    );
  }
};
