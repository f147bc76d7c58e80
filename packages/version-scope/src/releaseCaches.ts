import {releaseOf, type Scope} from './releaseOf.ts';

/** A release that has a cache. */
export interface ReleaseCache {
  line: string;
  version: string;
  cacheName: string;
}

/**
 * The release whose assets a cache holds.
 *
 * A name alone does not tell whose a cache is: `assets-en-us-v1` starts like a cache of the line `assets-en`,
 * and `assets-thumbnails` may be somebody else's. The keys in it do.
 */
const identify = async (scope: Scope, cacheName: string): Promise<ReleaseCache | undefined> => {
  const keys = await (await caches.open(cacheName)).keys();
  for (const {url} of keys) {
    const line = releaseOf(scope, url)?.line;
    if (line !== undefined && cacheName.startsWith(`${line}-`)) {
      return {line, version: cacheName.slice(line.length + 1), cacheName};
    }
  }
  return undefined;
};

/** Every cache that belongs to one of the scopes. Caches of others are not among them, whatever their name. */
export const releaseCaches = async (scopes: readonly Scope[]): Promise<ReleaseCache[]> => {
  const found: ReleaseCache[] = [];
  for (const cacheName of await caches.keys()) {
    for (const scope of scopes) {
      const release = cacheName.startsWith(`${scope.prefix}-`) && (await identify(scope, cacheName));
      if (release) {
        found.push(release);
        break;
      }
    }
  }
  return found;
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
