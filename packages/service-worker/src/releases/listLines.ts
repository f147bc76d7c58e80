import type {LineInfo, ReleaseInfo, ReleaseState} from '../messages/protocol.ts';
import {bodyBytes} from './bodyBytes.ts';
import {isLineOf} from './lines.ts';
import type {Releases} from './Releases.ts';
import {type LineRecord, type ReleaseRecord, readRecords} from './records.ts';
import {cacheNameOf} from './releaseOf.ts';

/** Counts what a cache holds, and its bytes. */
const measure = async (cacheName: string): Promise<Pick<ReleaseInfo, 'entries' | 'bytes'>> => {
  const cache = await caches.open(cacheName);
  const keys = await cache.keys();
  let bytes = 0;
  for (const key of keys) {
    // One at a time, so that no more than one body is held if it has to be measured.
    const response = await cache.match(key, {ignoreVary: true});
    bytes += response ? await bodyBytes(response) : 0;
  }
  return {entries: keys.length, bytes};
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
  return staged ? (staged.isComplete ? 'staged' : 'staging') : 'other';
};

/** Lists every line that has a current version, a cache or a staged release, by name, with what is stored of it. */
export const listLines = (releases: Releases): Promise<LineInfo[]> =>
  // To open a cache that was just deleted would make it anew.
  releases.locks.withoutSwitches(async () => {
    const [records, recorded, staged, names] = await Promise.all([
      readRecords('line'),
      readRecords('cache'),
      readRecords('release'),
      caches.keys(),
    ]);
    const lines = new Map<string, LineInfo>();
    const infoOf = (line: string, current: string | null): LineInfo => {
      const info = lines.get(line) ?? {line, current, releases: []};
      lines.set(line, info);
      return info;
    };
    for (const {line, current} of records) {
      infoOf(line, current);
    }
    for (const {line, version} of recorded) {
      const cacheName = cacheNameOf(line, version);
      const record = records.find((one) => one.line === line);
      const release = staged.find((one) => one.line === line && one.version === version);
      const isStored = names.includes(cacheName);
      // All that a staged release has may be files.
      if (isStored || release) {
        const {entries, bytes} = isStored ? await measure(cacheName) : {entries: 0, bytes: 0};
        const state = stateOf(version, record, release);
        infoOf(line, null).releases.push({version, state, cacheName, entries, bytes});
      }
    }
    return [...lines.values()]
      .filter(({line}) => isLineOf(releases.scopes, line))
      .sort((a, b) => a.line.localeCompare(b.line));
  });
