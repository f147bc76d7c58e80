import {missingAssets, pin, withSwitchLock} from '../staging.ts';
import {bringIn, type Stage} from './bringIn.ts';
import {forgetAssets} from './createReleaseKeeper.ts';
import {report} from './events.ts';
import type {StageFailure} from './messages.ts';
import type {ReadAssets, StagedAsset} from './readAssets.ts';
import {announce, setWhole, stagedRelease, stagedReleases} from './records.ts';

/** As many files are brought in at a time. Pages need connections too: HTTP/1.1 has six for each host. */
const AT_A_TIME = 3;

/** What has come of a stage. */
export interface StageOutcome {
  failures: StageFailure[];
  /** The keys of those that were damaged. */
  damaged: string[];
}

/**
 * Brings a whole release in beside the others, and verifies it. What is there already counts, so that whoever died in
 * the middle of it goes on where he was.
 *
 * After the first failure nothing more is begun; what is under way may end, and stays.
 *
 * @throws the signal's reason.
 */
export const stageRelease = async (
  {assets, urls}: ReadAssets,
  {line, version, progress, signal}: Pick<Stage, 'line' | 'version' | 'progress' | 'signal'>,
): Promise<StageOutcome> => {
  const evictionsSeen = await announce(line, version, assets);
  forgetAssets();

  const damaged: string[] = [];
  const onDamage = async ({key}: StagedAsset): Promise<void> => {
    damaged.push(key);
    await withSwitchLock(() => setWhole(line, version, false));
  };
  const others = (await stagedReleases()).filter((one) => one.line !== line || one.version !== version);
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  aborted.catch(() => undefined);
  const stage: Stage = {line, version, progress, signal, aborted, urls, evictionsSeen, others, onDamage};

  const failures: StageFailure[] = [];
  const waiting = assets.values();
  const bringInNext = async (): Promise<void> => {
    for (const asset of waiting) {
      signal.throwIfAborted();
      const outcome = await bringIn(asset, stage);
      if (typeof outcome === 'string') {
        const bytes = progress.verified(asset);
        report({type: 'ASSET_STAGED', payload: {line, version, key: asset.key, from: outcome, bytes}});
      } else {
        progress.failed(asset);
        failures.push(outcome);
      }
      if (failures.length > 0) {
        return;
      }
    }
  };
  await Promise.all(Array.from({length: AT_A_TIME}, bringInNext));
  return {failures: failures.length > 0 ? failures : await finish(line, version), damaged};
};

/** An asset is kept once. A page may have asked for it before its file was there. */
const removeFromCache = async (
  assets: readonly StagedAsset[],
  {line, version}: {line: string; version: string},
): Promise<void> => {
  for (const {key} of assets) {
    const {cacheName} = pin(key, line, version);
    if (await caches.match(key, {cacheName, ignoreVary: true})) {
      await (await caches.open(cacheName)).delete(key, {ignoreVary: true});
    }
  }
};

/** Makes a release count as whole. @returns what it has lost in the meantime: it may have been evicted. */
const finish = (line: string, version: string): Promise<StageFailure[]> =>
  withSwitchLock(async () => {
    const release = await stagedRelease(line, version);
    const missing = release ? await missingAssets(release) : [{key: `${line}-${version}`}];
    if (release && missing.length === 0) {
      await setWhole(line, version, true);
      await removeFromCache(
        release.assets.filter(({file}) => file !== undefined),
        release,
      );
    }
    return missing.map(({key}) => ({key, reason: 'release-evicted'}));
  });
