/** What a sequence around large files consists of, and how it is generated. */
import fc from 'fast-check';

/** The first two are in releases, and never change. The host may replace the last one. */
export const FILES = ['v0.6.0', 'v0.7.0', 'plain'] as const;
export type File = (typeof FILES)[number];
/** The files of the line's releases, by version. */
export type Version = Exclude<File, 'plain'>;

/** What is published as the file `plain`. Two have the same size. */
export const EDITIONS = ['a', 'b', 'c'] as const;
export type Edition = (typeof EDITIONS)[number];

/** A page that loads files. It is opened at its first load. */
export type Tab = 0 | 1;

/** From the first byte to the last, inclusive. */
export type Range = readonly [first: number, last: number];

/** A fault of the next answer with a file: after so many bytes, or in its `Content-Length`. */
export type Interruption =
  | {kind: 'cut' | 'stall'; afterBytes: number}
  | {kind: 'wrong-length'; declared: 'larger' | 'absent'};

/**
 * What a host answers instead: it is busy, credentials have expired, or the file is missing. The browser's own cache would
 * keep a 410 for good.
 */
const STATUSES = [503, 403, 401, 404, 429] as const;

/** When the next action comes. */
export type Until =
  | {kind: 'the end'}
  /** After so many looks into storage: a few milliseconds each. */
  | {kind: 'looks'; count: number}
  /** When so many pieces are stored, or the load ends before. */
  | {kind: 'pieces'; count: number};

export type Action =
  /** @property ranges none for the complete file. */
  | {
      kind: 'load';
      tab: Tab;
      file: File;
      ranges: readonly Range[];
      interruption: Interruption | undefined;
      until: Until;
    }
  | {kind: 'release stalls'}
  | {kind: 'kill'}
  | {kind: 'close'; tab: Tab}
  /** The host of a file answers with this status. With 403 for a release's file, it is the CDN of the Hub. */
  | {kind: 'status'; file: File; status: (typeof STATUSES)[number]; times: number}
  | {kind: 'offline'; isOffline: boolean}
  /** Leaves the origin so many bytes more; `undefined` removes the limit. */
  | {kind: 'room'; bytes: number | undefined}
  | {kind: 'publish'; edition: Edition}
  /** @property piece the number of a stored piece of the file, modulo their count. */
  | {kind: 'damage'; file: File; piece: number; damage: 'flip' | 'shorten' | 'lose'}
  | {kind: 'switch'; tab: Tab; version: Version};

/** The size of the smallest file. */
const SMALLEST = 900_000;
/** Several parts in one answer are compared as text. */
const SHORT = 70_000;

const tab = fc.constantFrom<Tab>(0, 1);
/** Mostly one file, so that sequences meet the same things again. */
const file = fc.constantFrom<File[]>('plain', 'plain', 'plain', 'v0.6.0', 'v0.6.0', 'v0.7.0');
const offset = fc.nat(SMALLEST - 1);

const rangeUpTo = (bytes: number): fc.Arbitrary<Range> =>
  fc
    .tuple(offset, fc.nat(bytes - 1))
    .map(([first, more]): Range => [first, Math.min(first + more, SMALLEST - 1)]);

const ranges = fc.oneof<{weight: number; arbitrary: fc.Arbitrary<Range[]>}[]>(
  {weight: 5, arbitrary: fc.constant([])},
  {weight: 2, arbitrary: rangeUpTo(SMALLEST).map((range) => [range])},
  {weight: 1, arbitrary: fc.array(rangeUpTo(SHORT), {minLength: 2, maxLength: 3})},
);

const load: fc.Arbitrary<Action> = fc
  .record({
    tab,
    file,
    ranges,
    interruption: fc.option(
      fc.oneof<{weight: number; arbitrary: fc.Arbitrary<Interruption>}[]>(
        {
          weight: 6,
          arbitrary: fc.record({
            kind: fc.constantFrom<('stall' | 'cut')[]>('stall', 'cut', 'stall'),
            // An answer without a byte may never reach the worker, as if it was offline.
            afterBytes: offset.map((bytes) => bytes + 1),
          }),
        },
        {
          weight: 1,
          arbitrary: fc.record({
            kind: fc.constant('wrong-length'),
            declared: fc.constantFrom('larger', 'absent'),
          }),
        },
      ),
      {nil: undefined},
    ),
    until: fc.oneof<fc.Arbitrary<Until>[]>(
      fc.constant({kind: 'the end'}),
      fc.record({kind: fc.constant('looks'), count: fc.nat(12)}),
      fc.record({kind: fc.constant('pieces'), count: fc.integer({min: 1, max: 20})}),
    ),
  })
  .map((rest) => ({
    kind: 'load',
    ...rest,
    // Each part of a multipart answer may be a request of its own, for which the Hub answers no preflight.
    ranges: rest.file === 'plain' ? rest.ranges : rest.ranges.slice(0, 1),
  }));

const action = fc.oneof<{weight: number; arbitrary: fc.Arbitrary<Action>}[]>(
  {weight: 12, arbitrary: load},
  {weight: 4, arbitrary: fc.constant({kind: 'kill'})},
  {weight: 2, arbitrary: fc.constant({kind: 'release stalls'})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('close'), tab})},
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('status'),
      file,
      status: fc.constantFrom(...STATUSES),
      times: fc.integer({min: 1, max: 2}),
    }),
  },
  {weight: 2, arbitrary: fc.record({kind: fc.constant('offline'), isOffline: fc.boolean()})},
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('room'),
      bytes: fc.constantFrom(undefined, 0, 300_000, 1_000_000, 2_500_000),
    }),
  },
  {weight: 2, arbitrary: fc.record({kind: fc.constant('publish'), edition: fc.constantFrom(...EDITIONS)})},
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('damage'),
      file,
      piece: fc.nat(30),
      damage: fc.constantFrom('lose', 'shorten', 'flip'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('switch'),
      tab,
      version: fc.constantFrom<Version[]>('v0.6.0', 'v0.7.0'),
    }),
  },
);

/** The first action is a load. The others happen during it or after it. */
export const sequences: fc.Arbitrary<Action[]> = fc
  .tuple(load, fc.array(action, {minLength: 2, maxLength: 7, size: 'max'}))
  .map(([first, others]) => [first, ...others]);
