import {bodyBytes} from './bodyBytes.ts';
import {currentVersions} from './currentVersions.ts';
import type {LineInfo, ReleaseInfo} from './messages.ts';
import {releaseCaches, versionOf} from './releaseCaches.ts';
import type {Scope} from './releaseOf.ts';

const measure = async (version: string, cacheName: string): Promise<ReleaseInfo> => {
  const cache = await caches.open(cacheName);
  const keys = await cache.keys();
  let bytes = 0;
  for (const key of keys) {
    // One at a time, so that no more than one body is held if it has to be measured.
    const response = await cache.match(key, {ignoreVary: true});
    bytes += response ? await bodyBytes(response) : 0;
  }
  return {version, cacheName, entries: keys.length, bytes};
};

/** Every line that has a current version or a cache, by name, with what is stored of it. */
export const listLines = async (scopes: readonly Scope[]): Promise<LineInfo[]> => {
  const lines = new Map<string, LineInfo>();
  for (const [line, current] of await currentVersions()) {
    lines.set(line, {line, current, releases: []});
  }
  for (const {line, cacheName} of await releaseCaches(scopes)) {
    if (line !== undefined) {
      const info = lines.get(line) ?? {line, current: null, releases: []};
      info.releases.push(await measure(versionOf(line, cacheName), cacheName));
      lines.set(line, info);
    }
  }
  return [...lines.values()].sort((a, b) => a.line.localeCompare(b.line));
};
