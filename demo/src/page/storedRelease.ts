import type {LineInfo, ReleaseInfo} from '@holdfast/window';
import {type Release, wholeNameOf} from './content.ts';

/** Every line that the worker looks after, with its stored releases. */
export type StoredLines = readonly LineInfo[];

export const storedLine = (lines: StoredLines, release: Release): LineInfo | undefined =>
  lines.find(({line}) => line === wholeNameOf(release));

/** Returns what the worker has stored of a release; `undefined` if nothing is. */
export const storedRelease = (lines: StoredLines, release: Release): ReleaseInfo | undefined =>
  storedLine(lines, release)?.releases.find(({version}) => version === release.version);

/** Returns whether a release is complete and verified, so that a switch to it needs no network. */
export const isComplete = (lines: StoredLines, release: Release): boolean => {
  const {state = 'other', entries} = storedRelease(lines, release) ?? {};
  return state !== 'other' && state !== 'staging' && entries === release.files.length;
};
