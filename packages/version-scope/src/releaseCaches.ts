import {lineUnderWay} from './putsUnderWay.ts';
import {releaseOf, type Scope} from './releaseOf.ts';

/** A cache of one of our releases. */
export interface ReleaseCache {
  line: string;
  version: string;
  cacheName: string;
  cache: Cache;
  /** The requests that it has answers for. */
  keys: readonly Request[];
}

/**
 * Looks into a cache to learn whether it is ours, because its name alone does not tell: `assets-en-us-v1`
 * begins like a cache of the line `assets-en`, and `assets-thumbnails` may be somebody else's.
 */
const identify = async (scope: Scope, cacheName: string): Promise<ReleaseCache | undefined> => {
  const cache = await caches.open(cacheName);
  const keys = await cache.keys();
  const lines = keys.map(({url}) => releaseOf(scope, url)?.line);
  const line =
    lines.find((one) => one !== undefined && cacheName.startsWith(`${one}-`)) ?? lineUnderWay(cacheName);
  return line === undefined
    ? undefined
    : {line, version: cacheName.slice(line.length + 1), cacheName, cache, keys};
};

/**
 * Every cache that belongs to the scopes. Caches of others are not among them, whatever their name.
 *
 * To be called under the lock of `switchLock.ts`: opening a cache that has just been deleted would make it anew.
 */
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
    (release) => release.line === line && release.version !== keep,
  );
  await Promise.all(others.map(({cacheName}) => caches.delete(cacheName)));
  return others.map(({version}) => version);
};
