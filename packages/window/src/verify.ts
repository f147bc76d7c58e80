import type {StageReport} from '@holdfast/service-worker/releases/stage/messages.js';
import {HoldfastError} from './HoldfastError.ts';
import {runStage, type StageControls} from './runStage.ts';
import {currentVersion} from './versions.ts';

/** Options of {@link verify}. */
export interface VerifyOptions extends StageControls {
  /** @default the current one */
  version?: string | undefined;
}

/**
 * Reads every stored file of a release that was staged, and compares it with the manifest. What is damaged or gone is
 * brought in again.
 *
 * @param line e.g. `mailwoman-assets-en-us`.
 * @returns the report of that: `damaged` has the keys of those that were.
 * @throws StageError (a HoldfastError `stage-failed`) when a file could not be brought in again; the signal's reason;
 * HoldfastError `no-worker`, `refused` (no version is current, or it was never staged), `timeout`.
 */
export const verify = async (
  line: string,
  {version, ...controls}: VerifyOptions = {},
): Promise<StageReport> => {
  const checked = version ?? (await currentVersion(line));
  if (checked === null) {
    throw new HoldfastError('refused', `No version of '${line}' is current.`);
  }
  return runStage({line, version: checked}, controls);
};
