import {Channel} from '../messages/Channel.ts';
import {deleteRelease} from './deleteRelease.ts';
import type {Releases} from './Releases.ts';
import {changeRecords, readRecords} from './records.ts';
import {cacheNameOf, isLineOf, type Scope} from './releaseOf.ts';

/**
 * Deletes every recorded cache that belongs to some scopes, or to some of their lines, and forgets which versions of theirs were current, which are
 * used, and what was staged.
 *
 * @returns the names of the caches that were deleted.
 */
export const dropCaches = (
  releases: Releases,
  scopes: readonly Scope[] = releases.scopes,
  isWanted: (line: string) => boolean = () => true,
): Promise<string[]> =>
  releases.locks.withSwitchLock(async () => {
    const {evictions, clientUses, staged} = releases;
    const known = await Promise.all([readRecords('cache'), readRecords('line'), readRecords('use')]);
    const lines = [...new Set(known.flat().map(({line}) => line))].filter(
      (line) => isLineOf(scopes, line) && isWanted(line),
    );
    if (lines.length === 0) {
      return [];
    }
    for (const line of lines) {
      evictions.note({line, kept: []});
      // A full disk records nothing. To delete caches makes room.
      await evictions.change(() => undefined, {line, kept: []}).catch(() => undefined);
    }
    const dropped: string[] = [];
    let recorded = known[0];
    for (const cache of known[0].filter(({line}) => lines.includes(line))) {
      if (await deleteRelease(scopes, cache, recorded)) {
        dropped.push(cacheNameOf(cache.line, cache.version));
      }
      recorded = recorded.filter((other) => other !== cache);
    }
    // Last, so that what a killed worker leaves is still known to be ours.
    await changeRecords((change) => {
      for (const line of lines) {
        change.deleteLine(line);
      }
    });
    for (const line of lines) {
      clientUses.forget(line);
      // A file that a page has open stays.
      await staged?.evict(line, []).catch(() => undefined);
    }
    releases.forget();
    releases.worker.part(Channel).report({type: 'CACHES_DROPPED', payload: {dropped}});
    releases.cleanUp();
    return dropped;
  });
