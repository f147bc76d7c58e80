import {PIECES} from '../../downloads/piecesName.ts';
import {accountIn} from '../../http/partition.ts';
import type {Releases} from '../../releases/Releases.ts';
import {readRecords} from '../../releases/records.ts';
import {removeFile} from '../../releases/stage/releaseFiles.ts';

/**
 * Deletes everything that is stored for some accounts, in all caches of the origin: no other key has an account in it.
 *
 * @returns how many files went.
 */
export const deletePartitions = (releases: Releases, accounts: readonly string[]): Promise<number> =>
  releases.locks.withSwitchLock(async () => {
    const isTheirs = (key: string): boolean => accounts.includes(accountIn(key) ?? '');
    let deleted = 0;
    for (const cacheName of await caches.keys()) {
      if (cacheName.startsWith(PIECES)) {
        if (isTheirs(cacheName.slice(cacheName.lastIndexOf(' ') + 1))) {
          deleted += Number(await caches.delete(cacheName));
        }
        continue;
      }
      const cache = await caches.open(cacheName);
      for (const key of await cache.keys()) {
        if (isTheirs(key.url)) {
          deleted += Number(await cache.delete(key, {ignoreVary: true}));
        }
      }
    }
    for (const release of await readRecords('release')) {
      const assets = release.assets.filter(({key}) => !isTheirs(key));
      for (const {key, file} of release.assets) {
        if (file !== undefined && isTheirs(key)) {
          await removeFile(release, file);
          deleted += 1;
        }
      }
      if (assets.length < release.assets.length) {
        // Incomplete, so that the next account may stage the rest again.
        await releases.evictions.change((change) =>
          assets.length > 0
            ? change.put('release', Object.assign({}, release, {assets, isComplete: false}))
            : change.delete('release', release),
        );
      }
    }
    releases.forget();
    return deleted;
  });
