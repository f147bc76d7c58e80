import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {checkRecipe} from './checkRecipe.ts';
import {moving} from './moving.ts';
import {only, type UrlPattern} from './only.ts';
import {A_FILE, EXACT_VERSION, MOVING_VERSION, NO_VERSION, NPM_PACKAGE} from './packageUrl.ts';
import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';

export interface UnpkgOptions extends RecipeOptions {
  /** Only these URLs, e.g. `https://unpkg.com/@ffmpeg/*`.
   * @default all packages */
  only?: UrlPattern | readonly UrlPattern[] | undefined;
}

/** Below `/browse/` are pages. */
const PACKAGE = `(?!browse/)(?<package>${NPM_PACKAGE})`;

const PINNED = new RegExp(`^${A_FILE}https://unpkg\\.com/${PACKAGE}@(?<version>${EXACT_VERSION})`);

/** Redirects to the version that it means at the time. */
const MOVING = new RegExp(`^${A_FILE}https://unpkg\\.com/${PACKAGE}${MOVING_VERSION}`);

/** The latest version. The name of the host, which every URL has, is in its place. */
const LATEST = new RegExp(`^${A_FILE}https://(?<version>unpkg)\\.com/${PACKAGE}${NO_VERSION}`);

/**
 * Stores npm packages from unpkg. An exact version never changes; anything else (`@7`, `@latest`, none) is revalidated.
 *
 * Caches: `unpkg-d3-7.9.0`, `unpkg-moving-d3-7`, and without a version `unpkg-moving-d3-unpkg`.
 */
export const unpkg = (options: UnpkgOptions = {}): RouteEntry[] => {
  checkRecipe('unpkg', options, ['cachePrefix', 'only']);
  return [
    pinned(only(PINNED, options.only), {prefix: cacheNamed('unpkg', options), pattern: PINNED}, {tables: []}),
    ...[MOVING, LATEST].map((pattern) =>
      moving(
        only(pattern, options.only),
        {prefix: cacheNamed('unpkg-moving', options), pattern},
        {tables: []},
      ),
    ),
  ];
};
