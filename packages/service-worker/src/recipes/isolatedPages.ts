import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {only, type UrlPattern} from './only.ts';
import {crossOriginIsolation, type PluginOptions, quotaGuard, stableKey} from './pluginEntries.ts';
import type {RouteEntry} from './RouteEntry.ts';

export interface IsolatedPagesOptions extends RecipeOptions {
  /** Only these URLs: the pages that use threads and the scripts of their workers. Leave out those that sign in or
   * pay in a pop-up, which an isolated page cannot talk to.
   * @default all of the app */
  only?: UrlPattern | readonly UrlPattern[] | undefined;

  /** As for {@link crossOriginIsolation}.
   * @default its default */
  embedderPolicy?: PluginOptions['crossOriginIsolation']['embedderPolicy'];
}

// The requests for these come from the worker's own origin, whatever the URL.
const WITHOUT_QUERY = /^https?:[^?#]*(?:#|$)/;

/** May say more than which page it is: whoever comes back from signing in has a code in it. */
const WITH_QUERY = /^https?:[^?#]*\?/;

const DESTINATIONS = ['document', 'iframe', 'sharedworker', 'worker'] as const;

/**
 * The pages of the app and the scripts of their workers, with the headers that make them cross-origin
 * isolated, so that they may use threads.
 *
 * From the network first, because a page names the other files of its deployment and so must be of the same
 * one; from the cache without a network. What has a query is isolated too, but never stored.
 *
 * Caches: `isolated-pages`.
 */
export const isolatedPages = (options: IsolatedPagesOptions = {}): RouteEntry[] => {
  const {embedderPolicy} = options;
  const isolation = crossOriginIsolation(embedderPolicy && {embedderPolicy});
  return [
    {
      urlPattern: only(WITHOUT_QUERY, options.only),
      destinations: DESTINATIONS,
      handler: 'NetworkFirst',
      options: {
        cacheName: cacheNamed('isolated-pages', options),
        // The key is without a fragment, in which there may be a token. Chromium keeps it otherwise.
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
