import {Channel} from '../../messages/Channel.ts';
import type {AssetFailure} from '../../messages/protocol.ts';
import type {Releases} from '../Releases.ts';
import {cacheNameOf, nameOf} from '../releaseOf.ts';
import {missingAssets} from './missingAssets.ts';
import type {Stage} from './Stage.ts';
import type {ReadAssets, StagedAsset} from './StagedAsset.ts';
import {sourcesIn} from './sourcesIn.ts';
import {stageAsset} from './stageAsset.ts';
import {announce, setComplete, stagedRelease} from './stagedReleases.ts';
import {storedKeys} from './storedKeys.ts';

/** How many assets are staged at a time. Pages need connections too: HTTP/1.1 has six for each host. */
const AT_A_TIME = 3;

/** What became of a stage. */
export interface StageOutcome {
  failures: AssetFailure[];
  /** The keys of those that were damaged. */
  damaged: string[];
}

/**
 * Stages a release: stores and verifies each of its assets, beside those of other releases. What is stored already
 * counts, so a stage that was interrupted resumes.
 *
 * After the first failure no asset is begun. Those in progress may end, and stay.
 *
 * @throws the signal's reason.
 */
export const stageRelease = async (
  releases: Releases,
  {assets, urls, headers}: ReadAssets,
  {line, version, progress, signal}: Pick<Stage, 'line' | 'version' | 'progress' | 'signal'>,
): Promise<StageOutcome> => {
  const {evictionsSeen, others} = await announce(releases, line, version, assets);
  const channel = releases.worker.part(Channel);

  const damaged: string[] = [];
  let noted: Promise<void> | undefined;
  const onDamage = async ({key}: StagedAsset): Promise<void> => {
    damaged.push(key);
    noted ??= releases.locks.withSwitchLock(() => setComplete(line, version, false));
    await noted;
  };
  // An asset that was missing at first is looked up only if a page's flight has ended since.
  const endsSeen = releases.inFlight.ends;
  let ended = 0;
  const stored = await storedKeys(cacheNameOf(line, version));
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  aborted.catch(() => undefined);
  const stage: Stage = {
    releases,
    line,
    version,
    progress,
    signal,
    aborted,
    urls,
    headers,
    evictionsSeen,
    isKnownMissing: ({key, file}) =>
      file === undefined && !stored.has(key) && releases.inFlight.ends - ended === endsSeen,
    puts: {},
    sourcesOf: sourcesIn(others),
    onDamage,
  };

  const failures: AssetFailure[] = [];
  const waiting = assets.values();
  const stageNext = async (): Promise<void> => {
    for (const asset of waiting) {
      signal.throwIfAborted();
      const outcome = await stageAsset(asset, stage);
      ended += 1;
      if (typeof outcome === 'string') {
        const bytes = progress.verify(asset);
        channel.report({
          type: 'ASSET_STAGED',
          payload: {line: nameOf(line), version, key: asset.key, from: outcome, bytes},
        });
      } else {
        progress.fail(asset);
        failures.push(outcome);
      }
      if (failures.length > 0) {
        return;
      }
    }
  };
  await Promise.all(Array.from({length: AT_A_TIME}, stageNext));
  return {failures: failures.length > 0 ? failures : await finish(releases, line, version), damaged};
};

/** Removes copies of files from the cache: a page may have asked for an asset before its file was there. */
const removeCopies = async (assets: readonly StagedAsset[], cacheName: string): Promise<void> => {
  const stored = await storedKeys(cacheName);
  const copies = assets.filter(({key, file}) => file !== undefined && stored.has(key));
  if (copies.length > 0) {
    const cache = await caches.open(cacheName);
    await Promise.all(copies.map(({key}) => cache.delete(key, {ignoreVary: true})));
  }
};

/** Records a release as complete. Returns what it lost meanwhile, if it did: it may have been evicted. */
const finish = (releases: Releases, line: string, version: string): Promise<AssetFailure[]> =>
  releases.locks.withSwitchLock(async () => {
    const release = await stagedRelease(line, version);
    const cacheName = cacheNameOf(line, version);
    const missing = release ? await missingAssets(releases, release) : [{key: cacheName}];
    if (release && missing.length === 0) {
      await setComplete(line, version, true);
      await removeCopies(release.assets, cacheName);
    }
    return missing.map(({key}) => ({key, reason: 'release-evicted'}));
  });
