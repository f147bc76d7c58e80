import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {moving} from './moving.ts';
import {only, type UrlPattern} from './only.ts';
import {A_FILE, A_PUBLISHED_FILE, EXACT_VERSION} from './packageUrl.ts';
import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';

export interface JsDelivrOptions extends RecipeOptions {
  /** Only these URLs, e.g. `*\/npm/@duckdb/*`.
   * @default all packages */
  only?: UrlPattern | readonly UrlPattern[] | undefined;
}

const PINNED = new RegExp(
  `^${A_PUBLISHED_FILE}https://cdn\\.jsdelivr\\.net/` +
    `(?<package>npm/(?:@[^/]+/)?[^/@]+|gh/[^/]+/[^/@]+)@(?<version>v?${EXACT_VERSION}|[\\da-f]{40})/?`,
);

/** Also without a version, which is the latest one, or the default branch. */
const MOVING = new RegExp(
  `^${A_FILE}https://cdn\\.jsdelivr\\.net/(?<version>npm/(?:@[^/]+/)?[^/?#]+|gh/[^/]+/[^/?#]+)`,
);

/**
 * npm packages and GitHub repositories on jsDelivr. An exact version or a commit never changes; anything else
 * (`@7`, `@latest`, `@main`, none) is revalidated, and so are the bundles of `/+esm`.
 *
 * Caches: `jsdelivr-npm/d3-7.9.0`, `jsdelivr-moving-npm/d3@7`.
 */
export const jsDelivr = (options: JsDelivrOptions = {}): RouteEntry[] => [
  pinned(only(PINNED, options.only), {prefix: cacheNamed('jsdelivr', options), pattern: PINNED}),
  moving(only(MOVING, options.only), {prefix: cacheNamed('jsdelivr-moving', options), pattern: MOVING}),
];
