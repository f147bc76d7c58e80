import {bodyBytes} from './bodyBytes.ts';
import {readCurrentVersions} from './currentVersions.ts';
import type {LineInfo, ReleaseInfo} from './messages.ts';
import {type ReleaseCache, releaseCaches} from './releaseCaches.ts';
import type {Scope} from './releaseOf.ts';
import {isLineOf} from './scopes.ts';
import {withoutSwitches} from './switchLock.ts';

const measure = async ({version, cacheName, cache, keys}: ReleaseCache): Promise<ReleaseInfo> => {
  let bytes = 0;
  for (const key of keys) {
    // One at a time, so that no more than one body is held if it has to be measured.
    const response = await cache.match(key, {ignoreVary: true});
    bytes += response ? await bodyBytes(response) : 0;
  }
  return {version, cacheName, entries: keys.length, bytes};
};

/** Every line of the scopes that has a current version or a cache, by name, with what is stored of it. */
export const listLines = async (scopes: readonly Scope[]): Promise<LineInfo[]> => {
  const lines = new Map<string, LineInfo>();
  for (const [line, current] of await readCurrentVersions()) {
    if (isLineOf(scopes, line)) {
      lines.set(line, {line, current, releases: []});
    }
  }
  for (const release of await withoutSwitches(() => releaseCaches(scopes))) {
    const {line} = release;
    const info = lines.get(line) ?? {line, current: null, releases: []};
    info.releases.push(await measure(release));
    lines.set(line, info);
  }
  return [...lines.values()].sort((a, b) => a.line.localeCompare(b.line));
};
