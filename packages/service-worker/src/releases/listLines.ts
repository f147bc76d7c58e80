import {bodyBytes} from './bodyBytes.ts';
import type {LineInfo, ReleaseInfo, ReleaseState} from './messages.ts';
import {type ReleaseCache, releaseCaches} from './releaseCaches.ts';
import {cacheNameOf, type Scope} from './releaseOf.ts';
import {isLineOf} from './scopes.ts';
import {type LineRecord, type ReleaseRecord, readRecords} from './state.ts';
import {withoutSwitches} from './switchLock.ts';

const measure = async (
  {version, cacheName, cache, keys}: ReleaseCache,
  state: ReleaseState,
): Promise<ReleaseInfo> => {
  let bytes = 0;
  for (const key of keys) {
    // One at a time, so that no more than one body is held if it has to be measured.
    const response = await cache.match(key, {ignoreVary: true});
    bytes += response ? await bodyBytes(response) : 0;
  }
  return {version, state, cacheName, entries: keys.length, bytes};
};

const stateOf = (
  version: string,
  line: LineRecord | undefined,
  staged: ReleaseRecord | undefined,
): ReleaseState => {
  if (version === line?.current) {
    return 'current';
  }
  if (line?.previous.includes(version)) {
    return 'previous';
  }
  return staged ? (staged.isWhole ? 'staged' : 'staging') : 'other';
};

/** Every line of the scopes that has a current version or a cache, by name, with what is stored of it. */
export const listLines = async (scopes: readonly Scope[]): Promise<LineInfo[]> => {
  const [records, staged, found] = await Promise.all([
    readRecords('line'),
    readRecords('release'),
    withoutSwitches(() => releaseCaches(scopes)),
  ]);
  const lines = new Map<string, LineInfo>();
  for (const {line, current} of records) {
    if (isLineOf(scopes, line)) {
      lines.set(line, {line, current, releases: []});
    }
  }
  for (const release of found) {
    const {line, version} = release;
    const info = lines.get(line) ?? {line, current: null, releases: []};
    const state = stateOf(
      version,
      records.find((record) => record.line === line),
      staged.find((record) => record.line === line && record.version === version),
    );
    info.releases.push(await measure(release, state));
    lines.set(line, info);
  }
  for (const release of staged) {
    // All that it has may be kept elsewhere.
    const releases = lines.get(release.line)?.releases;
    if (releases && !releases.some(({version}) => version === release.version)) {
      const state = stateOf(
        release.version,
        records.find((record) => record.line === release.line),
        release,
      );
      const cacheName = cacheNameOf(release.line, release.version);
      releases.push({version: release.version, state, cacheName, entries: 0, bytes: 0});
    }
  }
  return [...lines.values()].sort((a, b) => a.line.localeCompare(b.line));
};
