/** What a sequence consists of, and how it is generated. */
import fc from 'fast-check';
import {type File, LINES, type Line, NAMES, VERSIONS, type Version} from './content.ts';
import {FORGED} from './forged.ts';
import type {Damage, NetworkFault, Tab} from './World.ts';

/** What a page asks of the worker. */
export type Question =
  | {kind: 'load'; tab: Tab; file: File}
  /** @property hasManifest without one, the page verifies what was staged before. */
  | {kind: 'stage'; tab: Tab; line: Line; version: Version; hasManifest: boolean}
  /** Aborts the page's last stage, if that is running. */
  | {kind: 'abort stage'; tab: Tab}
  | {kind: 'switch'; tab: Tab; line: Line; version: Version; keep: number; evictNow: boolean}
  | {kind: 'roll back'; tab: Tab; line: Line}
  | {kind: 'turn off'; tab: Tab}
  | {kind: 'turn on'; tab: Tab};

/** What happens around the worker. */
export type Incident =
  /** Opens it if it is not open. */
  | {kind: 'open or close'; tab: Exclude<Tab, 0>}
  /** From now on, the host serves the files of this release at URLs without a version. */
  | {kind: 'publish'; version: Version}
  | {kind: 'network fault'; file: File; fault: NetworkFault}
  | {kind: 'offline'; isOffline: boolean}
  /** @property bytes `undefined` removes the limit. */
  | {kind: 'room'; bytes: number | undefined}
  /** @property entry the number of an entry in the caches, modulo their count. */
  | {kind: 'damage'; entry: number; damage: Damage}
  /** @property number that of a message in `forged.ts`. */
  | {kind: 'forge'; number: number};

export type Action = Question | Incident;

/** When the next action comes. */
export type Until =
  | {kind: 'the end'}
  /** The next action comes while this one is in progress. */
  | {kind: 'after steps'; steps: number}
  | {kind: 'killed before step'; step: number};

export interface Move {
  action: Action;
  until: Until;
}

/** A sequence, and the seed of the order in which simultaneous things happen. */
export interface Sequence {
  moves: readonly Move[];
  seed: number;
}

/** Returns one of several, the last one less often: sequences that meet the same things again find more. */
const oneOf = <Value>(...values: Value[]): fc.Arbitrary<Value> =>
  fc.constantFrom(...values.slice(0, -1), ...values.slice(0, -1), ...values);

const tab = oneOf<Tab>(0, 1, 2);
const line = fc.constantFrom(...LINES);
const version = oneOf(...VERSIONS);
const name = fc.constantFrom(...NAMES);
const file = fc.record({line, version, name});
const bytes = fc.nat(5000);
/** Shrinks to `false`. */
const rarely = fc.nat(7).map((number) => number === 7);

const fault: fc.Arbitrary<NetworkFault> = fc.oneof(
  fc.record({kind: fc.constantFrom('cut', 'truncate', 'stall'), bytes}),
  fc.record({kind: fc.constant('wrong-bytes')}),
  fc.record({kind: fc.constant('status'), status: fc.constantFrom(404, 503, 401, 403, 410)}),
);

const action = fc.oneof<{weight: number; arbitrary: fc.Arbitrary<Action>}[]>(
  {weight: 12, arbitrary: fc.record({kind: fc.constant('load'), tab, file})},
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('stage'),
      tab,
      line,
      version,
      hasManifest: rarely.map((isRare) => !isRare),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('switch'),
      tab,
      line,
      version,
      keep: fc.constantFrom(1, 0, 2),
      evictNow: rarely,
    }),
  },
  {weight: 2, arbitrary: fc.record({kind: fc.constant('roll back'), tab, line})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('abort stage'), tab})},
  {weight: 3, arbitrary: fc.record({kind: fc.constant('open or close'), tab: fc.constantFrom(1, 2)})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('publish'), version})},
  {weight: 4, arbitrary: fc.record({kind: fc.constant('network fault'), file, fault})},
  {weight: 2, arbitrary: fc.record({kind: fc.constant('offline'), isOffline: fc.boolean()})},
  {weight: 1, arbitrary: fc.record({kind: fc.constant('room'), bytes: fc.constantFrom(undefined, 0, 6000)})},
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('damage'),
      entry: fc.nat(20),
      damage: fc.constantFrom('flip', 'lose'),
    }),
  },
  {weight: 1, arbitrary: fc.record({kind: fc.constantFrom('turn on', 'turn off'), tab})},
  {weight: 3, arbitrary: fc.record({kind: fc.constant('forge'), number: fc.nat(FORGED.length - 1)})},
);

const until = fc.oneof<{weight: number; arbitrary: fc.Arbitrary<Until>}[]>(
  {weight: 5, arbitrary: fc.constant({kind: 'the end'})},
  {
    weight: 2,
    arbitrary: fc.record({kind: fc.constant('after steps'), steps: fc.integer({min: 1, max: 30})}),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('killed before step'),
      step: fc.integer({min: 1, max: 40}),
    }),
  },
);

/** The usual work on a release, or a part of it. By chance, it would seldom come in this order. */
const work: fc.Arbitrary<Move[]> = fc
  .record({
    line,
    version,
    tab,
    reader: tab,
    name,
    keep: fc.constantFrom(1, 0),
    untils: fc.tuple(until, until, until, until, until, until),
    parts: fc.subarray([0, 1, 2, 3, 4, 5] as const, {minLength: 1}),
  })
  .map(({line, version, tab, reader, name, keep, untils, parts}) => {
    const load: Action = {kind: 'load', tab: reader, file: {line, version, name}};
    const actions = [
      {kind: 'publish', version},
      {kind: 'stage', tab, line, version, hasManifest: true},
      load,
      {kind: 'switch', tab, line, version, keep, evictNow: false},
      load,
      {kind: 'roll back', tab, line},
    ] as const;
    return parts.map((part) => ({action: actions[part], until: untils[part]}));
  });

/** A part of a sequence: mostly a single move. */
const part: fc.Arbitrary<Move[]> = fc.oneof(
  {weight: 5, arbitrary: fc.record({action, until}).map((move) => [move])},
  {weight: 2, arbitrary: work},
);

/** @param maxParts how many parts a sequence may have, of one or a few moves each. */
export const sequences = (maxParts: number): fc.Arbitrary<Sequence> =>
  fc.record({
    moves: fc.array(part, {minLength: 1, maxLength: maxParts, size: 'max'}).map((parts) => parts.flat()),
    seed: fc.nat(1000),
  });
