import type {Candidate, Releases} from '../Releases.ts';
import {readRecords} from '../records.ts';
import {nameOf} from '../releaseOf.ts';
import {missingAssets} from './missingAssets.ts';
import {isBeingStaged} from './withStageLock.ts';

/**
 * Returns the staged releases that a switch makes needless: those that were current before and are not kept, and those
 * that were staged before the version was. For a version that was never staged there is no such order: then it is those
 * that are incomplete and not being staged.
 *
 * @throws Error where the version was staged and is incomplete.
 */
export const supersededBy = async (
  releases: Releases,
  {line, version, isNew, former, previous, evictNow}: Candidate,
): Promise<{line: string; version: string}[]> => {
  const records = await readRecords('release', line);
  const target = records.find((release) => release.version === version);
  if (isNew && target && !(target.isComplete && (await missingAssets(releases, target)).length === 0)) {
    throw new Error(`'${version}' of '${nameOf(line)}' was staged and is incomplete. Stage it again.`);
  }
  const superseded: {line: string; version: string}[] = [];
  for (const other of records) {
    if (other.version !== version && !previous.includes(other.version)) {
      const isOlder = target
        ? other.order < target.order
        : !(other.isComplete || (await isBeingStaged(line, other.version)));
      if (evictNow || former.includes(other.version) || isOlder) {
        superseded.push(other);
      }
    }
  }
  return superseded;
};
