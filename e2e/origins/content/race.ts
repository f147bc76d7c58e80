/**
 * The files of the demo's race: a release of a model, and the next one, in which one of its files has changed. They are
 * made while they are read, and are the same for both sides. Each side has a bucket of its own, so that the log tells
 * whose requests they are.
 */
import {createHash} from 'node:crypto';
import type {HubRepository} from '../hosts/hub/HubRepository.ts';
import type {ContentFile} from './Content.ts';
import {seededBody} from './seededBody.ts';
import {seededBytes} from './seededBytes.ts';

const SIDES = ['workbox', 'holdfast'];

interface RaceFile {
  name: string;
  size: number;
  /** Files with the same seed have the same bytes. */
  seeds: {v1: string; v2: string};
}

const unchanged = (name: string, size: number): RaceFile => ({name, size, seeds: {v1: name, v2: name}});

const FILES: readonly RaceFile[] = [
  unchanged('encoder.onnx', 20_000_000),
  {name: 'decoder.onnx', size: 8_000_000, seeds: {v1: 'decoder v1', v2: 'decoder v2'}},
  unchanged('vocabulary.bin', 6_000_000),
  unchanged('tokenizer.model', 2_000_000),
];

const VERSIONS = ['v1', 'v2'] as const;

const digests = new Map<string, string>();

const digestOf = (seed: string, size: number): string => {
  const digest = digests.get(seed) ?? createHash('sha256').update(seededBytes(seed, size)).digest('hex');
  digests.set(seed, digest);
  return digest;
};

interface Seeded extends ContentFile {
  seed: string;
}

const describe = ({name, seeds, size}: RaceFile, version: (typeof VERSIONS)[number]): Seeded => {
  const seed = `race ${seeds[version]}`;
  return {
    path: `${version}/${name}`,
    size,
    seed,
    // Most servers never need it, and it takes a moment.
    get sha256() {
      return digestOf(seed, size);
    },
    xetHash: createHash('sha256').update(`xet ${seed}`).digest('hex'),
    // A bucket is not in git.
    gitOid: '',
  };
};

const ALL = VERSIONS.flatMap((version) => FILES.map((file) => describe(file, version)));

/** Returns the buckets `race/workbox` and `race/holdfast`. */
export const raceBuckets = (): HubRepository[] =>
  SIDES.map((side) => ({
    kind: 'buckets',
    id: `race/${side}`,
    revisions: new Map([
      [
        undefined,
        {
          commit: undefined,
          parent: undefined,
          files: ALL,
          open: async ({path}) => {
            const {seed = path, size = 0} = ALL.find((file) => file.path === path) ?? {};
            return seededBody(seed, size);
          },
        },
      ],
    ]),
  }));

/** Returns what the pages know of the files: path, size and digest. */
export const raceFiles = () => ALL.map(({path, sha256, size}) => ({path, sha256, size}));
