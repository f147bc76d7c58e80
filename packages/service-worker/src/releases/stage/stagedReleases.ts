import {accountIn} from '../../http/partition.ts';
import type {Releases} from '../Releases.ts';
import {changeRecords, type ReleaseRecord, readRecord, readRecords} from '../records.ts';
import {cacheNameOf, nameOf} from '../releaseOf.ts';
import {removeFile, removeFolder} from './releaseFiles.ts';
import type {StagedAsset} from './StagedAsset.ts';

/** The record of a staged release. */
export type StagedRelease = ReleaseRecord<StagedAsset>;

/** Reads the record of a staged release. */
export const stagedRelease = (line: string, version: string): Promise<StagedRelease | undefined> =>
  readRecord('release', line, version) as Promise<StagedRelease | undefined>;

/** Tells whether two lists describe the same assets in the same way. */
export const areSame = (one: readonly StagedAsset[], other: readonly StagedAsset[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** @throws Error for a complete release that pages use. */
const refuseToChange = async ({line, version, isComplete}: StagedRelease): Promise<void> => {
  const known = isComplete && (await readRecord('line', line));
  if (known && (known.current === version || known.previous.includes(version))) {
    throw new Error(
      `'${version}' of '${nameOf(line)}' is in use, and was staged with another manifest. Stage the change as a new version.`,
    );
  }
};

/** What was known when a stage was announced. */
export interface Announced {
  /** The evictions until then: later ones may concern the release. */
  evictionsSeen: number;
  /** The other staged releases. */
  others: readonly StagedRelease[];
}

/**
 * Records a release before anything of it is stored, so that its cache is not taken for a leftover. A complete release
 * stays complete while it is verified, and keeps its place in the order. What other accounts have staged of it stays.
 *
 * @throws Error for another manifest of a complete release that is current, or kept for a rollback.
 */
export const announce = (
  {evictions, locks, staged}: Releases,
  line: string,
  version: string,
  assets: readonly StagedAsset[],
): Promise<Announced> =>
  locks.withSwitchLock(async () => {
    // What other workers evicted until now does not concern this stage.
    await evictions.refresh();
    const all = (await readRecords('release')) as StagedRelease[];
    const before = all.find((release) => release.line === line && release.version === version);
    const accounts = new Set(assets.map(({key}) => accountIn(key)));
    const isTheirs = ({key}: StagedAsset): boolean => {
      const account = accountIn(key);
      return account !== undefined && !accounts.has(account);
    };
    const theirs = before?.assets.filter(isTheirs) ?? [];
    const own = before?.assets.filter((asset) => !isTheirs(asset)) ?? [];
    if (!before || !areSame(own, assets)) {
      if (before && own.length > 0) {
        await refuseToChange(before);
        // The path of a file does not tell whether it is the one of this manifest.
        await (theirs.length > 0
          ? Promise.all(own.map(({file}) => file !== undefined && removeFile(before, file)))
          : removeFolder(before));
      }
      const order = all.reduce((highest, release) => Math.max(highest, release.order), 0) + 1;
      const isThere = await caches.has(cacheNameOf(line, version));
      await evictions.change((change) => {
        change.put('release', {line, version, order, isComplete: false, assets: assets.concat(theirs)});
        change.addCache(line, version, isThere);
      });
      staged?.forget();
    }
    return {evictionsSeen: evictions.count, others: all.filter((release) => release !== before)};
  });

/** Records whether a release is complete, unless its record was deleted meanwhile. */
export const setComplete = async (line: string, version: string, isComplete: boolean): Promise<void> => {
  const release = await stagedRelease(line, version);
  if (release && release.isComplete !== isComplete) {
    await changeRecords((change) => change.put('release', Object.assign({}, release, {isComplete})));
  }
};
