import {Channel} from '../messages/Channel.ts';
import {deleteRelease} from './deleteRelease.ts';
import {type Releases, releaseId} from './Releases.ts';
import {changeRecords, readRecords} from './records.ts';
import {cacheNameOf, isLineOf, nameOf} from './releaseOf.ts';

/** What a release is called by. */
interface Release {
  line: string;
  version: string;
}

/**
 * Returns what tells whether a release may be deleted: it is neither current nor kept, it is not staged, no client uses
 * it, and nothing is being stored in it.
 */
export const evictable = async (releases: Releases): Promise<(release: Release) => boolean> => {
  const [lines, staged, {present}] = await Promise.all([
    readRecords('line'),
    readRecords('release'),
    releases.clientUses.read(),
  ]);
  const needed = new Set(
    lines
      .flatMap(({line, current, previous}) => [current].concat(previous).map((version) => ({line, version})))
      .concat(staged)
      .concat(present.flatMap(({line, used}) => used.map((version) => ({line, version}))))
      .map(releaseId),
  );
  const {scopes, pendingPuts} = releases;
  return ({line, version}) =>
    isLineOf(scopes, line) &&
    !needed.has(releaseId({line, version})) &&
    !pendingPuts.has(cacheNameOf(line, version));
};

/**
 * Deletes one release of a line, if it still may be deleted.
 *
 * @param isWanted whether it is deleted although somebody may need it: because a page has asked for that.
 * @returns whether it is gone.
 */
export const evictRelease = (
  releases: Releases,
  line: string,
  version: string,
  isWanted = false,
): Promise<boolean> =>
  releases.locks.withSwitchLock(async () => {
    const recorded = await readRecords('cache');
    const release = recorded.find((one) => one.line === line && one.version === version);
    if (!release || !(isWanted || (await evictable(releases))(release))) {
      return false;
    }
    const {evictions, worker} = releases;
    const kept = recorded.filter((one) => one.line === line && one !== release).map((one) => one.version);
    evictions.note({line, kept, version});
    releases.recorded.delete(releaseId(release));
    // A full disk records nothing. To delete a cache makes room.
    await evictions.change(() => undefined, {line, kept, version}).catch(() => undefined);
    await deleteRelease(releases.scopes, release, recorded);
    // Last, so that what a killed worker leaves is still known to be ours.
    await changeRecords((change) => {
      change.delete('cache', release);
      change.delete('release', release);
    });
    // A file that a page has open stays.
    await releases.staged?.evict(line, kept).catch(() => undefined);
    worker
      .part(Channel)
      .report({type: 'RELEASES_EVICTED', payload: {line: nameOf(line), evicted: [version], kept}});
    releases.cleanUp();
    return true;
  });
