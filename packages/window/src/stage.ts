import type {Manifest} from '@holdfast/manifest';
import type {StageReport} from '@holdfast/service-worker/releases/stage/messages.js';
import {persistIfLarge} from './persistIfLarge.ts';
import {runStage, type StageControls} from './runStage.ts';

/** Options of {@link stage}. */
export interface StageOptions extends StageControls {
  /**
   * The release's files, from one of the readers of `@holdfast/manifest`.
   *
   * @default the one that this version was staged with before
   */
  manifest?: Manifest | undefined;
  /**
   * URL of the manifest → path, of the files that are kept in the origin private file system and not in the cache: for
   * a database that is opened there. The report says where each of them is.
   */
  files?: Readonly<Record<string, string>> | undefined;
}

/** What {@link stage} has done. */
export interface StageResult extends StageReport {
  /** Whether the browser promises not to clear it; `undefined` if it has not answered so far. */
  persisted: boolean | undefined;
}

/**
 * Brings every file of a release in beside the current one, and verifies it: what is stored in another release already
 * is copied from there, the rest is fetched. Then {@link switchVersion} makes it current without the network.
 *
 * Pages that ask for the same release share the work. What is in place stays, whatever happens then: a second attempt
 * goes on from there. A page that is closed or reloaded in the middle may ask again.
 *
 * Before the first large one, it asks the browser for persistent storage as {@link persist} does, and does not wait for
 * the answer.
 *
 * @param line the line's name: the plugin's prefix and the line's values, e.g. `mailwoman-assets-en-us`.
 * @param version e.g. `v0.7.0`.
 * @throws StageError (a HoldfastError `stage-failed`) when a file could not be brought in; the signal's reason;
 * HoldfastError `no-worker`, `refused` (no manifest is known, it is none of this release, or storage failed),
 * `timeout`.
 */
export const stage = async (
  line: string,
  version: string,
  {manifest, files, ...controls}: StageOptions = {},
): Promise<StageResult> => {
  const persisted = persistIfLarge(manifest);
  const report = await runStage({line, version, manifest, files}, controls);
  return {...report, persisted: persisted()};
};
