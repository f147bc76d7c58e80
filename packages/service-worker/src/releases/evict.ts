import {Channel} from '../messages/Channel.ts';
import {deleteRelease} from './deleteRelease.ts';
import type {Releases} from './Releases.ts';
import {changeRecords, type LineRecord, readRecords, type UseRecord} from './records.ts';
import {cacheNameOf, isLineOf, nameOf} from './releaseOf.ts';

/** What became of the line's other releases. */
export interface Evicted {
  evicted: string[];
  /** Those that stay: for a rollback, because they are staged, or because a page uses them. */
  kept: string[];
}

const versionsIn = (uses: readonly UseRecord[]): string[] => uses.flatMap(({used}) => used);

/** The releases of a line that stay whether a page uses them or not. */
const lastingVersions = async ({line, current, previous}: LineRecord): Promise<string[]> =>
  [current].concat(
    previous,
    (await readRecords('release', line)).map(({version}) => version),
  );

/** Deletes the records of uses. */
const forgetUses = ({clientUses}: Releases, uses: readonly UseRecord[]): Promise<void> =>
  changeRecords((change) => {
    for (const use of uses) {
      change.delete('use', use);
      clientUses.forget(use.line, use.client);
    }
  });

/**
 * Deletes a line's releases, except the current one, those that are kept or staged, and those that clients use. To be
 * called under the switch lock.
 */
export const evict = async (releases: Releases, record: LineRecord): Promise<Evicted> => {
  const {line, current} = record;
  const {evictions, staged} = releases;
  const {present, gone} = await releases.clientUses.read(line);
  const lasting = await lastingVersions(record);
  const inUse = versionsIn(present);
  const kept = [...new Set(lasting.concat(inUse))];
  evictions.note({line, kept});
  // What is stored from now on is recorded anew, and waits for the end of this.
  releases.recorded.clear();
  // A full disk records nothing. To delete caches makes room.
  await evictions.change(() => undefined, {line, kept}).catch(() => undefined);

  const recorded = await readRecords('cache');
  const known = recorded.filter((cache) => cache.line === line);
  const going = known.filter(({version}) => !kept.includes(version));
  const names = await caches.keys();
  const stored = known.filter(({version}) => names.includes(cacheNameOf(line, version)));
  await Promise.all(going.map((cache) => deleteRelease(releases.scopes, cache, recorded)));
  // A file that a page has open cannot be deleted. It is tried again.
  const areFilesGone =
    !staged ||
    (await staged.evict(line, kept).then(
      () => true,
      () => false,
    ));
  // A release that a page uses may be about to have a cache.
  const used = known.filter((cache) => !going.includes(cache)).map(({version}) => version);
  const isDone = areFilesGone && used.concat(inUse).every((version) => lasting.includes(version));
  await changeRecords((change) => {
    for (const cache of going) {
      change.delete('cache', cache);
    }
    change.put('line', {line, current, previous: record.previous, evicting: !isDone});
  });
  await forgetUses(releases, gone);

  const evicted = stored.filter((cache) => going.includes(cache)).map(({version}) => version);
  if (evicted.length > 0) {
    releases.worker
      .part(Channel)
      .report({type: 'RELEASES_EVICTED', payload: {line: nameOf(line), evicted, kept}});
    releases.cleanUp();
  }
  const left = stored.map(({version}) => version);
  return {evicted, kept: left.filter((version) => version !== current && kept.includes(version))};
};

/**
 * Deletes what could not be deleted before: because a worker was killed, or because of clients that are gone since. It
 * is called when the worker starts and when it sees a new client.
 */
export const finishEvictions = async (releases: Releases): Promise<void> => {
  const ours = async (): Promise<LineRecord[]> =>
    (await readRecords('line')).filter(({line}) => isLineOf(releases.scopes, line));
  const {gone} = await releases.clientUses.read();
  if (gone.length > 0 || (await ours()).some(({evicting}) => evicting)) {
    await releases.locks.withSwitchLock(async () => {
      for (const record of (await ours()).filter(({evicting}) => evicting)) {
        await evict(releases, record);
      }
      // Those of lines in which there is nothing to delete.
      await forgetUses(releases, (await releases.clientUses.read()).gone);
    });
  }
};
