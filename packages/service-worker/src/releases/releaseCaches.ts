import {lineUnderWay} from './putsUnderWay.ts';
import {cacheNameOf, releaseOf, type Scope} from './releaseOf.ts';
import {mayBeOf} from './scopes.ts';

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
 *
 * @param scopes those whose it may be.
 */
const identify = async (scopes: readonly Scope[], cacheName: string): Promise<ReleaseCache | undefined> => {
  const cache = await caches.open(cacheName);
  const keys = await cache.keys();
  const lines = keys.flatMap(({url}) => scopes.map((scope) => releaseOf(scope, url)?.line));
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
  const found: ReleaseCache[] = [];
  for (const cacheName of await caches.keys()) {
    const candidates = scopes.filter((scope) => mayBeOf(scope, cacheName));
    const cache = candidates.length > 0 ? await identify(candidates, cacheName) : undefined;
    if (cache) {
      found.push(cache);
    }
  }
  return found;
};

/**
 * Deletes the caches of a line's releases, except of some versions.
 *
 * @param leaving versions that are known to have been ours, whatever their caches tell.
 * @returns the versions that went, and those that have a cache still.
 */
export const evictCaches = async (
  scopes: readonly Scope[],
  line: string,
  keep: readonly string[],
  leaving: readonly string[],
): Promise<{evicted: string[]; kept: string[]}> => {
  const found = (await releaseCaches(scopes)).filter((release) => release.line === line);
  const there = new Set(found.map(({version}) => version));
  for (const version of leaving) {
    if (await caches.has(cacheNameOf(line, version))) {
      there.add(version);
    }
  }
  const evicted = [...there].filter((version) => !keep.includes(version));
  await Promise.all(evicted.map((version) => caches.delete(cacheNameOf(line, version))));
  return {evicted, kept: [...there].filter((version) => keep.includes(version))};
};
