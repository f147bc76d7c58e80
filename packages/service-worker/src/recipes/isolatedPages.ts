import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {checkRecipe} from './checkRecipe.ts';
import {only, type UrlPattern} from './only.ts';
import {crossOriginIsolation, type PluginOptions, quotaGuard, stableKey} from './pluginEntries.ts';
import type {RouteEntry} from './RouteEntry.ts';

export interface IsolatedPagesOptions extends RecipeOptions {
  /** Only these URLs: the pages that use threads, and the scripts of their workers. Leave out pages that sign in or pay
   * in a pop-up, which an isolated page cannot reach.
   * @default all of the app */
  only?: UrlPattern | readonly UrlPattern[] | undefined;

  /** The policy of {@link crossOriginIsolation}.
   * @default its default */
  embedderPolicy?: PluginOptions['crossOriginIsolation']['embedderPolicy'];
}

// Requests for documents and workers are of the worker's own origin, so the pattern need not name it.
const WITHOUT_QUERY = /^https?:[^?#]*(?:#|$)/;

/** A query may hold a secret: the code of a sign-in, say. */
const WITH_QUERY = /^https?:[^?#]*\?/;

const DESTINATIONS = ['document', 'iframe', 'sharedworker', 'worker'] as const;

/**
 * Answers the pages of the app and the scripts of their workers with the headers that make them cross-origin isolated,
 * so that they can use threads.
 *
 * From the network first, because a page must be of the same deployment as the files that it names; from the cache
 * without a network. What has a query is isolated as well, but never stored.
 *
 * Caches: `isolated-pages`.
 */
export const isolatedPages = (options: IsolatedPagesOptions = {}): RouteEntry[] => {
  checkRecipe('isolatedPages', options, ['cachePrefix', 'only', 'embedderPolicy']);
  const {embedderPolicy} = options;
  const isolation = crossOriginIsolation(embedderPolicy && {embedderPolicy});
  return [
    {
      urlPattern: only(WITHOUT_QUERY, options.only),
      destinations: DESTINATIONS,
      handler: 'NetworkFirst',
      options: {
        cacheName: cacheNamed('isolated-pages', options),
        // A key has no fragment, in which there may be a token. Without a key, Chromium stores it.
        plugins: [stableKey(), quotaGuard(), isolation],
      },
    },
    {
      urlPattern: only(WITH_QUERY, options.only),
      destinations: DESTINATIONS,
      handler: 'NetworkOnly',
      options: {plugins: [isolation]},
    },
  ];
};
