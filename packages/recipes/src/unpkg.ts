import {cacheNamed, type RecipeOptions} from './cacheNamed.ts';
import {moving} from './moving.ts';
import {only, type UrlPattern} from './only.ts';
import {A_FILE, EXACT_VERSION} from './packageUrl.ts';
import {pinned} from './pinned.ts';
import type {RouteEntry} from './RouteEntry.ts';

export interface UnpkgOptions extends RecipeOptions {
  /** Only these URLs, e.g. `https://unpkg.com/@ffmpeg/*`.
   * @default all packages */
  only?: UrlPattern | readonly UrlPattern[] | undefined;
}

/** Below `/browse/` are pages. */
const A_PACKAGE = String.raw`${A_FILE}https://unpkg\.com/(?!browse/)`;

const PINNED = new RegExp(`^${A_PACKAGE}(?<package>(?:@[^/]+/)?[^/@]+)@(?<version>${EXACT_VERSION})`);

/** Redirects to what it stands for at the time. */
const MOVING = new RegExp(`^${A_PACKAGE}(?<version>(?:@[^/]+/)?[^/?#]+)`);

/**
 * npm packages on unpkg. An exact version never changes; anything else (`@7`, `@latest`, none) is revalidated.
 *
 * Caches: `unpkg-d3-7.9.0`, `unpkg-moving-d3@7`.
 */
export const unpkg = (options: UnpkgOptions = {}): RouteEntry[] => [
  pinned(only(PINNED, options.only), {prefix: cacheNamed('unpkg', options), pattern: PINNED}),
  moving(only(MOVING, options.only), {prefix: cacheNamed('unpkg-moving', options), pattern: MOVING}),
];
