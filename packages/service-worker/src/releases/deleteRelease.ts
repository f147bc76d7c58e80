import {piecesOf} from '../downloads/piecesName.ts';
import {isSharedCache} from './ownership.ts';
import type {CacheRecord} from './records.ts';
import {cacheNameOf, isOfRelease, type Scope} from './releaseOf.ts';

/**
 * Deletes what a release has in its cache, and the cache. A cache that was there before the release, or has the name of
 * another release's, loses the release's own entries only. To be called under the switch lock.
 *
 * @param recorded all caches that are recorded, of all apps of the origin.
 * @returns whether there was anything to delete.
 */
export const deleteRelease = async (
  scopes: readonly Scope[],
  release: CacheRecord,
  recorded: readonly CacheRecord[],
): Promise<boolean> => {
  const {line, version, wasThere} = release;
  const cacheName = cacheNameOf(line, version);
  const isShared = isSharedCache(recorded, release);
  if (!wasThere && !isShared) {
    return caches.delete(cacheName);
  }
  if (!(await caches.has(cacheName))) {
    return false;
  }
  const isOurs = (key: string): boolean => isOfRelease(scopes, key, release);
  const pieces = piecesOf(cacheName);
  for (const name of await caches.keys()) {
    if (name.startsWith(pieces) && isOurs(name.slice(pieces.length))) {
      await caches.delete(name);
    }
  }
  const cache = await caches.open(cacheName);
  const keys = await cache.keys();
  const ours = keys.filter(({url}) => isOurs(url));
  for (const key of ours) {
    await cache.delete(key, {ignoreVary: true});
  }
  if (!isShared && ours.length === keys.length && ours.length > 0) {
    await caches.delete(cacheName);
  }
  return ours.length > 0;
};
