/** A file of the race's model, with what is known of it. */
export interface RaceFile {
  /** The version and the name: `v1/encoder.onnx`. */
  path: string;
  size: number;
  sha256: string;
}

export type RaceVersion = 'v1' | 'v2';

/** The sides of the race: the names of their scopes and of their buckets on the Hub. */
export type RaceSide = 'workbox' | 'holdfast';

/** Where the server lists the files of all versions. */
export const RACE_FILES = '/race.json';

/** Returns the files of a version. */
export const readRaceFiles = async (version: RaceVersion): Promise<RaceFile[]> => {
  const response = await fetch(RACE_FILES);
  if (!response.ok) {
    throw new Error(`The list of the model’s files, ${RACE_FILES}, was answered with ${response.status}.`);
  }
  const files: RaceFile[] = await response.json();
  return files.filter(({path}) => path.startsWith(`${version}/`));
};

export const bytesOf = (files: readonly RaceFile[]): number => files.reduce((sum, {size}) => sum + size, 0);
