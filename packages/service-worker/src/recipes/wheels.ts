import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {checkRecipe} from './checkRecipe.ts';
import {moving} from './moving.ts';
import {only, type UrlPattern} from './only.ts';
import {PYTHON_ARCHIVE} from './pythonArchive.ts';
import type {RouteEntry} from './RouteEntry.ts';

export interface WheelsOptions extends RecipeOptions {
  /** Their URLs, e.g. `https://example.org/wheels/*`. */
  from: UrlPattern | readonly UrlPattern[];
}

const FILES = new RegExp(`^[^?#]+/${PYTHON_ARCHIVE}`);

/**
 * Stores wheels and source archives from a host of your own. A wheel that is built again often keeps its version, so they
 * are revalidated.
 *
 * Caches: `wheels-mypackage-1.0.0`.
 */
export const wheels = (options: WheelsOptions): RouteEntry[] => {
  checkRecipe('wheels', options, ['cachePrefix', 'from']);
  return [moving(only(FILES, options.from), {prefix: cacheNamed('wheels', options), pattern: FILES})];
};
