import type {LineInfo, ReleaseInfo} from '@holdfast/window';
import {lineOf, type Release} from './content.ts';

/** Every line that the worker looks after, with what is stored of it. */
export type StoredLines = readonly LineInfo[];

export const storedLine = (lines: StoredLines, release: Release): LineInfo | undefined =>
  lines.find(({line}) => line === lineOf(release));

/** What the worker has of a release, if it has any of it. */
export const storedRelease = (lines: StoredLines, release: Release): ReleaseInfo | undefined =>
  storedLine(lines, release)?.releases.find(({version}) => version === release.version);

/** Whether the worker has all of a release, and has verified it: it can be switched to without the network. */
export const isWhole = (lines: StoredLines, release: Release): boolean => {
  const {state = 'other', entries} = storedRelease(lines, release) ?? {};
  return state !== 'other' && state !== 'staging' && entries === release.files.length;
};
