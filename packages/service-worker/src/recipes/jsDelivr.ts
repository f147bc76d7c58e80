import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {checkRecipe} from './checkRecipe.ts';
import {moving} from './moving.ts';
import {only, type UrlPattern} from './only.ts';
import {
  A_FILE,
  A_PUBLISHED_FILE,
  EXACT_VERSION,
  GITHUB_REPOSITORY,
  MOVING_VERSION,
  NO_VERSION,
  NPM_PACKAGE,
} from './packageUrl.ts';
import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';

export interface JsDelivrOptions extends RecipeOptions {
  /** Only these URLs, e.g. `https://cdn.jsdelivr.net/npm/@duckdb/*`.
   * @default all packages */
  only?: UrlPattern | readonly UrlPattern[] | undefined;
}

const PACKAGE = `(?<package>npm/${NPM_PACKAGE}|gh/${GITHUB_REPOSITORY})`;

const PINNED = new RegExp(
  `^${A_PUBLISHED_FILE}https://cdn\\.jsdelivr\\.net/${PACKAGE}` +
    `@(?<version>v?${EXACT_VERSION}|[\\da-f]{40}(?=[/?#]|$))`,
);

const MOVING = new RegExp(`^${A_FILE}https://cdn\\.jsdelivr\\.net/${PACKAGE}${MOVING_VERSION}`);

/** The latest version, or the default branch. The name of the host, which every URL has, is in its place. */
const LATEST = new RegExp(`^${A_FILE}https://cdn\\.(?<version>jsdelivr)\\.net/${PACKAGE}${NO_VERSION}`);

/**
 * Stores npm packages and GitHub repositories from jsDelivr. An exact version or a commit never changes; anything else
 * (`@7`, `@latest`, `@main`, none) is revalidated, and so are the bundles of `/+esm`.
 *
 * Caches: `jsdelivr-npm/d3-7.9.0`, `jsdelivr-moving-npm/d3-7`, and without a version `jsdelivr-moving-npm/d3-jsdelivr`.
 */
export const jsDelivr = (options: JsDelivrOptions = {}): RouteEntry[] => {
  checkRecipe('jsDelivr', options, ['cachePrefix', 'only']);
  return [
    pinned(
      only(PINNED, options.only),
      {prefix: cacheNamed('jsdelivr', options), pattern: PINNED},
      {tables: ['jsDelivr']},
    ),
    ...[MOVING, LATEST].map((pattern) =>
      moving(
        only(pattern, options.only),
        {prefix: cacheNamed('jsdelivr-moving', options), pattern},
        {tables: ['jsDelivr']},
      ),
    ),
  ];
};
