import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {only, type UrlPattern} from './only.ts';
import {crossOriginIsolation, type PluginOptions, quotaGuard} from './pluginEntries.ts';
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

/** The requests for these come from the worker's own origin, whatever the URL. */
const ANY = /^https?:/;

/**
 * The pages of the app and the scripts of their workers, with the headers that make them cross-origin
 * isolated, so that they may use threads.
 *
 * From the network first, because a page names the other files of its deployment and so must be of the same
 * one; from the cache without a network.
 *
 * Caches: `isolated-pages`.
 */
export const isolatedPages = (options: IsolatedPagesOptions = {}): RouteEntry[] => {
  const {embedderPolicy} = options;
  return [
    {
      urlPattern: only(ANY, options.only),
      destinations: ['document', 'iframe', 'sharedworker', 'worker'],
      handler: 'NetworkFirst',
      options: {
        cacheName: cacheNamed('isolated-pages', options),
        plugins: [quotaGuard(), crossOriginIsolation(embedderPolicy && {embedderPolicy})],
      },
    },
  ];
};
