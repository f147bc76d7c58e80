import {piecesOf} from '../downloads/piecesName.ts';
import {ownsKey} from './ownership.ts';
import {type CacheRecord, readRecord, readRecords} from './records.ts';
import {cacheNameOf, isLineOf, type Scope} from './releaseOf.ts';

/** Tells whether anything of a release is stored, or all of it was staged. To be called under the switch lock. */
export const holdsFiles = async (
  scopes: readonly Scope[],
  release: {line: string; version: string},
): Promise<boolean> => {
  const {line, version} = release;
  // All that a staged release has may be files.
  if ((await readRecord('release', line, version))?.isComplete) {
    return true;
  }
  const recorded = await readRecords('cache');
  const record = recorded.find((cache) => cache.line === line && cache.version === version);
  if (!record) {
    return false;
  }
  const isOurs = ownsKey(scopes, record, recorded);
  const cacheName = cacheNameOf(line, version);
  const pieces = piecesOf(cacheName);
  const names = await caches.keys();
  return (
    names.some((name) => name.startsWith(pieces) && isOurs(name.slice(pieces.length))) ||
    // To open one that was deleted would make it anew.
    (names.includes(cacheName) && (await (await caches.open(cacheName)).keys()).some(({url}) => isOurs(url)))
  );
};

/** Returns the releases that hold files; those of one line, if it is given. To be called under the switch lock. */
export const storedReleases = async (scopes: readonly Scope[], line?: string): Promise<CacheRecord[]> => {
  const stored: CacheRecord[] = [];
  for (const cache of await readRecords('cache', line)) {
    // Of one that is recorded, nothing may have arrived.
    if (isLineOf(scopes, cache.line) && (await holdsFiles(scopes, cache))) {
      stored.push(cache);
    }
  }
  return stored;
};
