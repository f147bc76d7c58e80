import {bytesInPieces} from '../downloads/bytesInPieces.ts';
import {filesInPieces} from '../downloads/filesInPieces.ts';
import type {FilePlace} from '../downloads/PieceStore.ts';
import type {LineInfo, ReleaseInfo, ReleaseState} from '../messages/protocol.ts';
import {bodyBytes} from './bodyBytes.ts';
import {ownsKey} from './ownership.ts';
import type {Releases} from './Releases.ts';
import {type LineRecord, type ReleaseAsset, type ReleaseRecord, readRecords} from './records.ts';
import {cacheNameOf, isLineOf, nameOf} from './releaseOf.ts';

/** How many entries are looked up at a time: more are not faster, and a body may have to be held to measure it. */
const AT_A_TIME = 32;

/** What is known of an asset: the record of a staged release has its size, where the manifest does. */
interface Sized extends ReleaseAsset {
  size?: number | undefined;
}

/** Returns the bytes of some entries of a cache. */
const measure = async (cache: Cache, keys: readonly string[]): Promise<number> => {
  const waiting = keys.values();
  let bytes = 0;
  const measureNext = async (): Promise<void> => {
    for (const key of waiting) {
      const response = await cache.match(key, {ignoreVary: true});
      const size = response ? await bodyBytes(response) : 0;
      bytes += size;
    }
  };
  await Promise.all(Array.from({length: AT_A_TIME}, measureNext));
  return bytes;
};

/**
 * Counts what a release has in its cache and in pieces beside it, and its bytes. To look an entry up takes about a
 * millisecond, so this is done for those alone whose size is not recorded.
 *
 * @param isOurs tells whether an entry is the release's own.
 * @param inPieces the files of all caches of which there are pieces.
 * @param sizes key → bytes, of verified assets.
 */
const contentOf = async (
  cacheName: string,
  isOurs: (key: string) => boolean,
  sizes: ReadonlyMap<string, number | undefined>,
  inPieces: readonly FilePlace[],
): Promise<Pick<ReleaseInfo, 'entries' | 'bytes'>> => {
  const cache = await caches.open(cacheName);
  const keys = (await cache.keys()).map(({url}) => url).filter(isOurs);
  const unknown = keys.filter((key) => sizes.get(key) === undefined);
  let bytes = keys.reduce((sum, key) => sum + (sizes.get(key) ?? 0), 0) + (await measure(cache, unknown));
  const more = inPieces.filter(({home, key}) => home === cacheName && isOurs(key) && !keys.includes(key));
  for (const file of more) {
    bytes += await bytesInPieces(file);
  }
  return {entries: keys.length + more.length, bytes};
};

/** Returns what a release is to its line. */
export const stateOf = (
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
    const [records, recorded, staged, names, inPieces] = await Promise.all([
      readRecords('line'),
      readRecords('cache'),
      readRecords('release'),
      caches.keys(),
      filesInPieces(),
    ]);
    const {scopes} = releases;
    const isOurs = ({line}: {line: string}): boolean => isLineOf(scopes, line);
    const lines = new Map<string, LineInfo>();
    const infoOf = (line: string, current: string | null): LineInfo => {
      const info = lines.get(line) ?? {line: nameOf(line), current, releases: []};
      lines.set(line, info);
      return info;
    };
    for (const {line, current} of records.filter(isOurs)) {
      infoOf(line, current);
    }
    for (const cache of recorded.filter(isOurs)) {
      const {line, version} = cache;
      const cacheName = cacheNameOf(line, version);
      const record = records.find((one) => one.line === line);
      const release = staged.find((one) => one.line === line && one.version === version);
      const isStored = names.includes(cacheName);
      // All that a staged release has may be files.
      if (isStored || release) {
        const {entries, bytes} = isStored
          ? await contentOf(
              cacheName,
              ownsKey(scopes, cache, recorded),
              new Map(release?.isComplete ? release.assets.map(({key, size}: Sized) => [key, size]) : []),
              inPieces,
            )
          : {entries: 0, bytes: 0};
        const state = stateOf(version, record, release);
        infoOf(line, null).releases.push({version, state, cacheName, entries, bytes});
      }
    }
    return [...lines.values()].sort((a, b) => a.line.localeCompare(b.line));
  });
