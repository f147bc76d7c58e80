import {
  changeState,
  evictionsSoFar,
  type ReleaseRecord,
  readRecord,
  readRecords,
  withSwitchLock,
} from '../staging.ts';
import {removeFolder} from './keptFiles.ts';
import type {StagedAsset} from './readAssets.ts';

/** What is known of a release that was staged. */
export type StagedRelease = ReleaseRecord<StagedAsset>;

/** Every release that was staged and is kept. */
export const stagedReleases = (): Promise<StagedRelease[]> =>
  readRecords('release') as Promise<StagedRelease[]>;

export const stagedRelease = (line: string, version: string): Promise<StagedRelease | undefined> =>
  readRecord('release', line, version) as Promise<StagedRelease | undefined>;

/** Whether two lists say the same of the same assets. */
export const areSame = (one: readonly StagedAsset[], other: readonly StagedAsset[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** @throws Error where a release that pages use is to become another one. */
const refuseToChange = async ({line, version, isWhole}: StagedRelease): Promise<void> => {
  const known = await readRecord('line', line);
  if (isWhole && (known?.current === version || known?.previous.includes(version))) {
    throw new Error(
      `'${version}' of '${line}' was staged with another manifest and is whole. Give what has changed another version.`,
    );
  }
};

/**
 * Makes a release known, so that its cache is nobody's leftover. Comes before anything is stored.
 *
 * What is known to be whole remains so while it is checked, and keeps its place in the order.
 *
 * @returns the evictions until then: later ones may concern it.
 * @throws Error for another manifest of a release that is current or kept, and whole.
 */
export const announce = (line: string, version: string, assets: readonly StagedAsset[]): Promise<number> =>
  withSwitchLock(async () => {
    const releases = await stagedReleases();
    const before = releases.find((release) => release.line === line && release.version === version);
    if (!before || !areSame(before.assets, assets)) {
      if (before) {
        await refuseToChange(before);
        // By its path alone nobody could tell whether a file is the one of this manifest.
        await removeFolder(line, version);
      }
      const order = releases.reduce((highest, release) => Math.max(highest, release.order), 0) + 1;
      await changeState((change) => change.putRelease({line, version, order, isWhole: false, assets}));
    }
    return evictionsSoFar();
  });

/** Notes whether a release is whole, unless it has been given up meanwhile: then it is forgotten. */
export const setWhole = async (line: string, version: string, isWhole: boolean): Promise<void> => {
  const release = await stagedRelease(line, version);
  if (release && release.isWhole !== isWhole) {
    await changeState((change) => change.putRelease(Object.assign({}, release, {isWhole})));
  }
};
