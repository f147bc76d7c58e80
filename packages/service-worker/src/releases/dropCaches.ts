import {forgetUses} from './clientUses.ts';
import {forgetSnapshot} from './currentVersions.ts';
import {report} from './events.ts';
import {noteEviction} from './evictions.ts';
import {releaseCaches} from './releaseCaches.ts';
import {releaseKeeper} from './releaseKeeper.ts';
import {cacheNameOf, type Scope} from './releaseOf.ts';
import {isLineOf} from './scopes.ts';
import {changeState, readRecords} from './state.ts';
import {withSwitchLock} from './switchLock.ts';

/** The names of the caches of all releases that are known to be ours, whatever the caches tell. */
const namesOnRecord = async (isMeant: (line: string) => boolean): Promise<string[]> => {
  const lines = (await readRecords('line')).flatMap(({line, current, previous, leaving}) =>
    [current, ...previous, ...leaving].map((version) => ({line, version})),
  );
  const uses = (await readRecords('use')).flatMap(({line, used}) => used.map((version) => ({line, version})));
  return [...lines, ...uses, ...(await readRecords('release'))]
    .filter(({line}) => isMeant(line))
    .map(({line, version}) => cacheNameOf(line, version));
};

/** Forgets which versions of these lines were current, who uses them, and what was staged. */
export const forgetLines = async (isMeant: (line: string) => boolean): Promise<void> => {
  const kinds = await Promise.all([readRecords('line'), readRecords('use'), readRecords('release')]);
  const meant = [...new Set(kinds.flat().map(({line}) => line))].filter(isMeant);
  await changeState((change) => {
    for (const line of meant) {
      change.deleteLine(line);
    }
  });
  for (const line of meant) {
    forgetUses(line);
    // A file that a page has open stays.
    await releaseKeeper()
      .evict(line, [])
      .catch(() => undefined);
  }
  forgetSnapshot();
};

/**
 * Deletes every cache that belongs to one of the scopes, and forgets which versions of theirs were current.
 *
 * @returns the names of the caches that went.
 */
export const dropCaches = (scopes: readonly Scope[]): Promise<string[]> =>
  withSwitchLock(async () => {
    const isMeant = (line: string): boolean => isLineOf(scopes, line);
    const found = (await releaseCaches(scopes)).map(({cacheName}) => cacheName);
    const dropped = new Set(found);
    for (const cacheName of await namesOnRecord(isMeant)) {
      if (await caches.has(cacheName)) {
        dropped.add(cacheName);
      }
    }
    noteEviction({kept: []});
    await Promise.all([...dropped].map((cacheName) => caches.delete(cacheName)));
    // Last, so that what a killed worker has left is still known to be ours.
    await forgetLines(isMeant);
    report({type: 'CACHES_DROPPED', payload: {dropped: [...dropped]}});
    return [...dropped];
  });
