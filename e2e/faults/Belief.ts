import type {LineInfo} from '@holdfast/service-worker/messages';
import type {Circumstances} from './Circumstances.ts';
import {filesOf, LINES, type Line, VERSIONS, type Version} from './content.ts';
import {type Deed, explain, type Setting} from './explain.ts';
import {afterClosing, afterDeath, distinct, EMPTY, type LineState, listedAs} from './LineState.ts';
import {Violation} from './Violation.ts';

/** Returns the states that a line may be in after some deeds, in each order in which they may have been handled. */
const afterAll = (
  line: Line,
  states: readonly LineState[],
  deeds: readonly Deed[],
  setting: Setting,
): LineState[] => {
  if (deeds.length === 0) {
    return distinct(states);
  }
  // A deed that was answered before another was asked came first.
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

/** Returns whether the worker lists a line as it is in this state. */
const isListed = (
  state: LineState,
  {current, releases}: Pick<LineInfo, 'current' | 'releases'>,
  isComplete: (version: Version) => boolean,
): boolean =>
  (state.current ?? null) === current &&
  releases.every(({version, state: listed}) => listedAs(state, version as Version) === listed) &&
  VERSIONS.every(
    (version) => !isComplete(version) || releases.some((release) => release.version === version),
  );

const shown = (line: Line, states: readonly LineState[], deeds: readonly Deed[]): string[] => [
  `${line} was in one of these states:`,
  ...states.map((state) => `  ${JSON.stringify(state)}`),
  'Then this was asked and answered:',
  ...deeds.map(({question, answer}) => `  ${JSON.stringify(question)} → ${JSON.stringify(answer)}`),
];

/**
 * What may be true of the lines, as far as pages know. Where an answer was lost, or several questions ran at a time, more
 * than one state is possible.
 */
export class Belief {
  private lines: ReadonlyMap<Line, readonly LineState[]> = new Map(LINES.map((line) => [line, [EMPTY]]));

  /** Returns whether something is certain of a line. */
  isSure(line: Line, is: (state: LineState) => boolean): boolean {
    return this.statesOf(line).every(is);
  }

  /** Returns whether something is possible of a line. */
  isPossible(line: Line, is: (state: LineState) => boolean): boolean {
    return this.statesOf(line).some(is);
  }

  /**
   * Returns what may be true after all deeds have come to their end.
   *
   * @throws Violation when no possible state explains the answers.
   */
  after(deeds: readonly Deed[], circumstances: Circumstances): Belief {
    return this.map((line, states) => {
      const after = afterAll(line, states, deeds, {circumstances, deeds});
      if (after.length === 0) {
        throw new Violation([...shown(line, states, deeds), 'No state explains that.']);
      }
      const left = after.map((state) => [...circumstances.closed].reduce(afterClosing, state));
      return distinct(circumstances.wasKilled ? left.flatMap(afterDeath) : left);
    });
  }

  /**
   * Returns what may be true after the worker has listed its releases.
   *
   * @throws Violation when no possible state is as listed.
   */
  listed(infos: readonly LineInfo[], circumstances: Circumstances): Belief {
    return this.map((line, states) => {
      const info = infos.find((one) => one.line === line) ?? {current: null, releases: []};
      const left = states.filter((state) =>
        isListed(state, info, (version) =>
          filesOf(line, version).every((file) => circumstances.isCertain(state, file)),
        ),
      );
      if (left.length === 0) {
        throw new Violation([...shown(line, states, []), `But the worker lists: ${JSON.stringify(info)}`]);
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
