import type {LineInfo} from '@holdfast/version-scope/messages.js';
import {ask} from './ask.ts';
import type {TimeLimit} from './withTimeLimit.ts';

/**
 * Makes a version the current one of its line. The caches of the line's other versions are deleted at once;
 * other lines keep theirs.
 *
 * @param line the line's name: the plugin's prefix and the line's values, e.g. `mailwoman-assets-en-us`.
 * @param version e.g. `v0.7.0`.
 * @param options `timeoutSeconds` is 10 by default.
 * @returns the versions whose caches were deleted.
 * @throws HoldfastError `no-worker`, `refused` (the line begins with no plugin's prefix, or storage failed), `timeout`.
 */
export const switchVersion = async (
  line: string,
  version: string,
  {timeoutSeconds = 10}: TimeLimit = {},
): Promise<string[]> => (await ask('HOLDFAST_SWITCH_VERSION', {line, version}, timeoutSeconds)).evicted;

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
