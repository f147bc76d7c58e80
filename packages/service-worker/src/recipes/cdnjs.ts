import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {checkRecipe} from './checkRecipe.ts';
import {only, type UrlPattern} from './only.ts';
import {A_FILE} from './packageUrl.ts';
import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';

export interface CdnjsOptions extends RecipeOptions {
  /** Only these URLs, e.g. `https://cdnjs.cloudflare.com/ajax/libs/three.js/*`.
   * @default all libraries */
  only?: UrlPattern | readonly UrlPattern[] | undefined;
}

/** Every URL names one version, in the way of its library: `7.9.0`, `r128`. */
const PINNED = new RegExp(
  String.raw`^${A_FILE}https://cdnjs\.cloudflare\.com/ajax/libs/(?<library>[^/]+)/(?<version>[^/]+)/`,
);

/**
 * Stores libraries from cdnjs, which has no moving versions.
 *
 * Caches: `cdnjs-three.js-r128`.
 */
export const cdnjs = (options: CdnjsOptions = {}): RouteEntry[] => {
  checkRecipe('cdnjs', options, ['cachePrefix', 'only']);
  return [
    pinned(only(PINNED, options.only), {prefix: cacheNamed('cdnjs', options), pattern: PINNED}, {tables: []}),
  ];
};
