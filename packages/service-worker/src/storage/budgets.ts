import {cacheNames} from 'workbox-core/cacheNames.js';
import type {Feature} from '../messages/Feature.ts';
import {hasOurPlugins, routedStrategies} from '../worker/routes.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {BudgetPlugin} from './BudgetPlugin.ts';
import {Ledger} from './Ledger.ts';
import {type BudgetsOptions, checkBudgetsOptions} from './options.ts';
import {PlainBudgetPlugin} from './PlainBudgetPlugin.ts';
import {refuseExpiration} from './refuseExpiration.ts';

/**
 * Keeps account of everything that the worker stores, and keeps all of it within limits: besides those of routes, which
 * `BudgetPlugin` has, limits of everything and of the apps of a workspace.
 *
 * @throws TypeError that names the option, what it must be, and the value it got: in a development build.
 *
 * @example
 * registerAssets([...pyodide({cachePrefix: 'notes'}), ...huggingFace()], {
 *   features: [budgets({maxBytes: '2 GB', namespaces: {notes: {maxBytes: '500 MB'}}})],
 * });
 */
export const budgets = (options: BudgetsOptions = {}): Feature => budgetsWith(BudgetPlugin, options);

/** As {@link budgets}, for a worker without releases. */
export const plainBudgets = (options: BudgetsOptions = {}): Feature =>
  budgetsWith(PlainBudgetPlugin, options);

const budgetsWith = (Plugin: typeof PlainBudgetPlugin, options: BudgetsOptions): Feature => {
  if (process.env.NODE_ENV !== 'production') {
    checkBudgetsOptions(options);
  }
  return {
    setUp: (worker) => {
      worker.part(Ledger).options = options;
      for (const {plugins = []} of routedStrategies().filter(hasOurPlugins)) {
        refuseExpiration(plugins);
      }
      accountFor(worker, Plugin);
    },
  };
};

/** What works with the answer that the budget lets through. */
const BEHIND: readonly unknown[] = ['onlyIfChanged', 'crossOriginIsolation'];

/** Has account kept of what every route of ours stores, whether it has limits or not. */
export const accountFor = (worker: WorkerState, Plugin: typeof PlainBudgetPlugin = BudgetPlugin): void => {
  for (const strategy of routedStrategies()) {
    const {plugins = []} = strategy;
    const isPrecache = strategy.cacheName === cacheNames.precache;
    if (
      !isPrecache &&
      hasOurPlugins(strategy) &&
      !plugins.some((plugin) => plugin instanceof PlainBudgetPlugin)
    ) {
      const behind = plugins.findIndex((plugin) => BEHIND.includes((plugin as {holdfast?: string}).holdfast));
      plugins.splice(behind < 0 ? plugins.length : behind, 0, new Plugin({}, worker));
    }
  }
};
