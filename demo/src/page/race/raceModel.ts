import {bytesOf, type RaceFile, readRaceFiles} from '../../race/raceFiles.ts';

/** What the race is about: the files that both pages load. */
export interface RaceModel {
  files: number;
  totalBytes: number;
  /** Of the files that are not the same in both versions. */
  changedBytes: number;
  /** The largest file of the first version. */
  largest: RaceFile;
}

const larger = (one: RaceFile, other: RaceFile): RaceFile => (other.size > one.size ? other : one);

export const readRaceModel = async (): Promise<RaceModel> => {
  const [first, second] = await Promise.all([readRaceFiles('v1'), readRaceFiles('v2')]);
  const digests = new Set(first.map(({sha256}) => sha256));
  return {
    files: first.length,
    totalBytes: bytesOf(first),
    changedBytes: bytesOf(second.filter(({sha256}) => !digests.has(sha256))),
    largest: first.reduce(larger),
  };
};
