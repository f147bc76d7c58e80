import type {CacheRecord} from './records.ts';
import {cacheNameOf, isOfRelease, type Scope} from './releaseOf.ts';

/** Tells whether a recorded cache has the name of another release's. */
export const isSharedCache = (
  recorded: readonly CacheRecord[],
  {line, version}: {line: string; version: string},
): boolean =>
  recorded.some(
    (other) =>
      !(other.line === line && other.version === version) &&
      cacheNameOf(other.line, other.version) === cacheNameOf(line, version),
  );

/**
 * Returns what tells whether an entry of a release's cache is the release's own: all of them are, unless the cache was
 * there before, or has the name of another release's.
 *
 * @param recorded all caches that are recorded, of all apps of the origin.
 */
export const ownsKey = (
  scopes: readonly Scope[],
  release: CacheRecord,
  recorded: readonly CacheRecord[],
): ((key: string) => boolean) => {
  const isShared = release.wasThere || isSharedCache(recorded, release);
  return (key) => !isShared || isOfRelease(scopes, key, release);
};
