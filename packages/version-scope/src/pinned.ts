import type {CurrentVersions} from './currentVersions.ts';
import {cacheNameOf, releaseOf, type Scope} from './releaseOf.ts';

/** What a request holds on to from its beginning to its end, whatever is switched meanwhile. */
export interface Pin {
  key: string;
  line: string;
  version: string;
  cacheName: string;
  /** The current versions at the time when the request came in. */
  versions: Promise<CurrentVersions>;
}

/**
 * The release that a request is answered from for as long as it runs.
 *
 * @returns `undefined` for a URL out of scope; `null` for one of a line that has no current version yet, so
 * that there is no release to answer it from.
 */
export const pinned = async (
  scope: Scope,
  key: string,
  versions: Promise<CurrentVersions>,
): Promise<Pin | null | undefined> => {
  const release = releaseOf(scope, key);
  if (!release) {
    return undefined;
  }
  const {line} = release;
  const version = release.version ?? (await versions).get(line);
  return version === undefined ? null : {key, line, version, cacheName: cacheNameOf(line, version), versions};
};
