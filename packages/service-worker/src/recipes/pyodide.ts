import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {checkRecipe} from './checkRecipe.ts';
import {A_PUBLISHED_FILE, EXACT_VERSION} from './packageUrl.ts';
import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';

/** Its own folder on jsDelivr, with the wheels, and the npm package. `/pyodide/dev/` changes daily. */
const RUNTIME = new RegExp(
  `^${A_PUBLISHED_FILE}https://(?:cdn\\.jsdelivr\\.net/(?:pyodide/v|npm/pyodide@)|unpkg\\.com/pyodide@)` +
    `(?<version>${EXACT_VERSION})/`,
);

/**
 * Stores Pyodide: its runtime, its lock file, and the wheels that were built for it. All files of a version are one
 * release, because a wheel of the same name has other bytes in another version.
 *
 * Caches: `pyodide-314.0.7`.
 */
export const pyodide = (options: RecipeOptions = {}): RouteEntry[] => {
  checkRecipe('pyodide', options, ['cachePrefix']);
  return [
    pinned(RUNTIME, {prefix: cacheNamed('pyodide', options), pattern: RUNTIME}, {tables: ['jsDelivr']}),
  ];
};
