import type {LineInfo} from '@holdfast/service-worker/releases/messages.js';
import type {Circumstances} from './Circumstances.ts';
import {filesOf, LINES, type Line, VERSIONS, type Version} from './content.ts';
import {type Deed, explain, type Setting} from './explain.ts';
import {afterClosing, afterDeath, distinct, EMPTY, type LineState, listedAs} from './LineState.ts';
import {Violation} from './Violation.ts';

/** The states that a line may be in after some deeds, in any order in which they may have been dealt with. */
const afterAll = (
  line: Line,
  states: readonly LineState[],
  deeds: readonly Deed[],
  setting: Setting,
): LineState[] => {
  if (deeds.length === 0) {
    return distinct(states);
  }
  // What was answered before another was asked came before it.
  const next = deeds.filter((deed) => !deeds.some(({answeredAt}) => answeredAt < deed.askedAt));
  return distinct(
    next.flatMap((deed) =>
      afterAll(
        line,
        distinct(states.flatMap((state) => explain(line, state, deed, setting))),
        deeds.filter((one) => one !== deed),
        setting,
      ),
    ),
  );
};

/** Whether the worker lists a line as it is in this state. */
const isListed = (
  state: LineState,
  {current, releases}: Pick<LineInfo, 'current' | 'releases'>,
  isWhole: (version: Version) => boolean,
): boolean =>
  (state.current ?? null) === current &&
  releases.every(({version, state: listed}) => listedAs(state, version as Version) === listed) &&
  VERSIONS.every((version) => !isWhole(version) || releases.some((release) => release.version === version));

const shown = (line: Line, states: readonly LineState[], deeds: readonly Deed[]): string[] => [
  `${line} was in one of these states:`,
  ...states.map((state) => `  ${JSON.stringify(state)}`),
  'Then this was asked and answered:',
  ...deeds.map(({question, answer}) => `  ${JSON.stringify(question)} → ${JSON.stringify(answer)}`),
];

/**
 * What may be true of the lines, as far as it can be known from outside: where an answer was lost, or several questions
 * were under way at a time, more than one state may be.
 */
export class Belief {
  private lines: ReadonlyMap<Line, readonly LineState[]> = new Map(LINES.map((line) => [line, [EMPTY]]));

  /** Whether something is certain to be true of a line. */
  isSure(line: Line, is: (state: LineState) => boolean): boolean {
    return this.statesOf(line).every(is);
  }

  /** Whether something may be true of a line. */
  isPossible(line: Line, is: (state: LineState) => boolean): boolean {
    return this.statesOf(line).some(is);
  }

  /**
   * What may be true after all that was under way has come to its end.
   *
   * @throws Violation when nothing that may have been true can have led to these answers.
   */
  after(deeds: readonly Deed[], circumstances: Circumstances): Belief {
    return this.map((line, states) => {
      const after = afterAll(line, states, deeds, {circumstances, deeds});
      if (after.length === 0) {
        throw new Violation([...shown(line, states, deeds), 'That cannot be.']);
      }
      const left = after.map((state) => [...circumstances.closed].reduce(afterClosing, state));
      return distinct(circumstances.wasKilled ? left.flatMap(afterDeath) : left);
    });
  }

  /**
   * What may be true after the worker has said what it has.
   *
   * @throws Violation when it says something else than all that may be true.
   */
  told(infos: readonly LineInfo[], circumstances: Circumstances): Belief {
    return this.map((line, states) => {
      const info = infos.find((one) => one.line === line) ?? {current: null, releases: []};
      const left = states.filter((state) =>
        isListed(state, info, (version) =>
          filesOf(line, version).every((file) => circumstances.isCertain(state, file)),
        ),
      );
      if (left.length === 0) {
        throw new Violation([...shown(line, states, []), `But the worker says: ${JSON.stringify(info)}`]);
      }
      return left;
    });
  }

  private statesOf(line: Line): readonly LineState[] {
    return this.lines.get(line) ?? [];
  }

  private map(change: (line: Line, states: readonly LineState[]) => readonly LineState[]): Belief {
    const belief = new Belief();
    belief.lines = new Map(LINES.map((line) => [line, change(line, this.statesOf(line))]));
    return belief;
  }
}
