import {lineUnderWay} from './putsUnderWay.ts';
import {releaseOf, type Scope} from './releaseOf.ts';

/** A cache of one of our releases. */
export interface ReleaseCache {
  cacheName: string;
  /**
   * `undefined` for an empty cache into which nothing is being stored: what a worker leaves that is killed in
   * the middle of a release's first download.
   */
  line: string | undefined;
}

/** The version in the name of a line's cache. */
export const versionOf = (line: string, cacheName: string): string => cacheName.slice(line.length + 1);

/**
 * Looks into a cache to learn whether it is ours, because its name alone does not tell: `assets-en-us-v1`
 * begins like a cache of the line `assets-en`, and `assets-thumbnails` may be somebody else's.
 */
const identify = async (scope: Scope, cacheName: string): Promise<ReleaseCache | undefined> => {
  const keys = await (await caches.open(cacheName)).keys();
  const lines = keys.map(({url}) => releaseOf(scope, url)?.line);
  const line =
    lines.find((one) => one !== undefined && cacheName.startsWith(`${one}-`)) ?? lineUnderWay(cacheName);
  return line !== undefined || keys.length === 0 ? {cacheName, line} : undefined;
};

/** Every cache that belongs to the scopes. Caches of others are not among them, whatever their name. */
export const releaseCaches = async (scopes: readonly Scope[]): Promise<ReleaseCache[]> => {
  const found = new Map<string, ReleaseCache>();
  const names = await caches.keys();
  for (const scope of scopes) {
    for (const cacheName of names.filter((name) => name.startsWith(`${scope.prefix}-`))) {
      const cache = await identify(scope, cacheName);
      if (cache) {
        found.set(cacheName, cache);
      }
    }
  }
  return [...found.values()];
};

/**
 * Deletes the caches of a line's releases, all but one.
 *
 * @returns the versions that went.
 */
export const evictOthers = async (
  scopes: readonly Scope[],
  line: string,
  keep: string,
): Promise<string[]> => {
  const others = (await releaseCaches(scopes)).filter(
    (cache) =>
      (cache.line ?? line) === line &&
      cache.cacheName.startsWith(`${line}-`) &&
      versionOf(line, cache.cacheName) !== keep,
  );
  await Promise.all(others.map(({cacheName}) => caches.delete(cacheName)));
  return others.flatMap((cache) => (cache.line === line ? versionOf(line, cache.cacheName) : []));
};
