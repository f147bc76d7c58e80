import {budget, type PluginOptions} from './pluginEntries.ts';
import type {RouteEntry} from './RouteEntry.ts';

/**
 * Gives routes limits of what they store: see `BudgetPlugin`. Routes that share the name of their caches share them.
 *
 * @example
 * withBudget({maxBytes: '1 GB', maxAgeSeconds: 2_592_000}, huggingFace())
 */
export const withBudget = (options: PluginOptions['budget'], routes: readonly RouteEntry[]): RouteEntry[] =>
  routes.map((route) => ({
    ...route,
    options: {...route.options, plugins: [...route.options.plugins, budget(options)]},
  }));
