import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {moving} from './moving.ts';
import {only, type UrlPattern} from './only.ts';
import {PYTHON_ARCHIVE} from './pythonArchive.ts';
import type {RouteEntry} from './RouteEntry.ts';

export interface WheelsOptions extends RecipeOptions {
  /** Where they are, e.g. `https://example.org/wheels/*`. */
  from: UrlPattern | readonly UrlPattern[];
}

const FILES = new RegExp(`^[^?#]+/${PYTHON_ARCHIVE}`);

/**
 * Wheels and source archives on a host of your own. Whoever builds a wheel anew often leaves its version as
 * it is, so they are revalidated.
 *
 * Caches: `wheels-mypackage-1.0.0`.
 */
export const wheels = (options: WheelsOptions): RouteEntry[] => [
  moving(only(FILES, options.from), {prefix: cacheNamed('wheels', options), pattern: FILES}),
];
