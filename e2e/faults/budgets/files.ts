import {createHash} from 'node:crypto';
import {seededBytes} from '../../origins/content/seededBytes.ts';

const SMALLEST_BYTES = 100_000;
const LARGEST_BYTES = 4_000_000;

export const LINES = ['a', 'b'] as const;
export const VERSIONS = ['v1', 'v2', 'v3', 'v4'] as const;
const ASSETS = ['shared.bin', 'one.bin', 'two.bin'];

const numbered = (folder: string, count: number): string[] =>
  Array.from({length: count}, (_, index) => `/${folder}/${index}.bin`);

/** A file, whose size and bytes follow from its path. */
export interface File {
  path: string;
  size: number;
  sha256: string;
}

/** Every version of a line has the same `shared.bin`. */
const seedOf = (path: string): string => (path.endsWith('/shared.bin') ? path.replace(/v\d+/, 'v') : path);

const sizeOf = (seed: string): number => {
  const part = createHash('sha256').update(seed).digest().readUInt32BE() / 2 ** 32;
  return Math.round(SMALLEST_BYTES + part * (LARGEST_BYTES - SMALLEST_BYTES));
};

export const bytesOf = (path: string): Buffer => seededBytes(seedOf(path), sizeOf(seedOf(path)));

const describeFile = (path: string): File => {
  const bytes = bytesOf(path);
  return {path, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex')};
};

/** Returns the paths of a release's assets. */
export const assetsOf = (line: string, version: string): string[] =>
  ASSETS.map((name) => `/models/${line}/${version}/${name}`);

/** Returns all files, by path. */
export const makeFiles = (): Map<string, File> => {
  const releases = LINES.flatMap((line) => VERSIONS.flatMap((version) => assetsOf(line, version)));
  const paths = [...releases, ...numbered('maps', 14), ...numbered('large', 8)];
  return new Map(paths.map((path) => [path, describeFile(path)]));
};
