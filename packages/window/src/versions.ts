import type {LineInfo, SwitchAnswer} from '@holdfast/service-worker/releases/messages.js';
import {ask} from './ask.ts';
import type {TimeLimit} from './withTimeLimit.ts';

/** Options of {@link switchVersion}. */
export interface SwitchOptions extends TimeLimit {
  /**
   * How many of the releases that were current before are kept for a {@link rollback}.
   *
   * @default 1
   */
  keep?: number | undefined;
  /**
   * Deletes all other releases of the line at once, also those that are kept, staged or in use. Pages that use them go
   * on with the new one.
   *
   * @default false
   */
  evictNow?: boolean | undefined;
}

/**
 * Makes a version the current one of its line, in one step: for new pages, and for this one. Other pages that are open
 * keep the release that they use until they are gone. Other lines keep theirs.
 *
 * A version that was staged has to be whole. One that was not fills as its files are asked for.
 *
 * @param line the line's name: the plugin's prefix and the line's values, e.g. `mailwoman-assets-en-us`.
 * @param version e.g. `v0.7.0`.
 * @param options `timeoutSeconds` is 10 by default.
 * @returns the line's other versions: those whose caches were deleted, and those that have one still.
 * @throws HoldfastError `no-worker`, `refused` (the version was staged and is not whole, the line begins with no
 * plugin's prefix, or storage failed), `timeout`.
 */
export const switchVersion = async (
  line: string,
  version: string,
  {timeoutSeconds = 10, keep, evictNow}: SwitchOptions = {},
): Promise<Pick<SwitchAnswer, 'evicted' | 'kept'>> => {
  const request = {line, version, keep, evictNow};
  const {evicted, kept} = await ask('HOLDFAST_SWITCH_VERSION', request, timeoutSeconds);
  return {evicted, kept};
};

/**
 * Makes the version current that was so before, as {@link switchVersion} does. The one that it replaces is kept in its
 * place.
 *
 * @param options `timeoutSeconds` is 10 by default.
 * @returns the version that is current now, and what became of the others, as of a switch.
 * @throws HoldfastError `no-worker`, `refused` (no previous release is kept, or it is not whole), `timeout`.
 */
export const rollback = (line: string, {timeoutSeconds = 10}: TimeLimit = {}): Promise<SwitchAnswer> =>
  ask('HOLDFAST_ROLLBACK', {line}, timeoutSeconds);

/**
 * The current version of a line, or `null` if none was made current yet.
 *
 * @param options `timeoutSeconds` is 10 by default.
 * @throws HoldfastError `no-worker`, `refused`, `timeout`.
 */
export const currentVersion = async (
  line: string,
  {timeoutSeconds = 10}: TimeLimit = {},
): Promise<string | null> => (await ask('HOLDFAST_CURRENT_VERSION', {line}, timeoutSeconds)).version;

/**
 * Every line that the worker looks after, with its releases and what they hold.
 *
 * @param options `timeoutSeconds` is 30 by default: files of a type that servers compress are measured.
 * @throws HoldfastError `no-worker`, `refused` (storage cannot be read), `timeout`.
 */
export const releases = async ({timeoutSeconds = 30}: TimeLimit = {}): Promise<LineInfo[]> =>
  (await ask('HOLDFAST_LIST_RELEASES', {}, timeoutSeconds)).lines;
