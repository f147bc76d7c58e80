/** What each answer of the worker means for its line. These are the promises that the test checks. */
import type {Question} from './actions.ts';
import type {Circumstances} from './Circumstances.ts';
import {digestOf, type File, filesOf, type Line, type Version} from './content.ts';
import {
  afterDeath,
  afterStage,
  afterSwitch,
  afterTurningOff,
  afterUse,
  type LineState,
  type SwitchState,
  versionFor,
} from './LineState.ts';
import type {Answered, Loaded} from './World.ts';

/** A question of a page, and its answer. */
export interface Deed {
  question: Question;
  /** {@link Loaded} for a load. */
  answer: Answered | Loaded;
  /** When it was asked and answered, as numbers that grow. */
  askedAt: number;
  answeredAt: number;
}

/** Returns the answer to a message; `undefined` for an error or a lost answer. */
export const payloadOf = ({answer}: Deed): Record<string, unknown> | undefined =>
  typeof answer === 'object' && 'payload' in answer ? answer.payload : undefined;

/** What happened at the same time. */
export interface Setting {
  circumstances: Circumstances;
  /** All deeds of that time. */
  deeds: readonly Deed[];
}

type Load = Extract<Question, {kind: 'load'}>;
type Stage = Extract<Question, {kind: 'stage'}>;

const NOT_POSSIBLE: LineState[] = [];

/** Returns whether other deeds may have evicted releases of a line. */
const mayBeEvicted = ({deeds}: Setting, line: Line): boolean =>
  deeds.some(
    ({question}) =>
      question.kind === 'turn off' ||
      ((question.kind === 'switch' || question.kind === 'roll back') && question.line === line),
  );

/** Returns the file that a URL means; `undefined` for one without a version while no version is current. */
const fileFor = (state: LineState, {tab, file}: Load): File | undefined => {
  const version = file.line === 'files-en' ? file.version : versionFor(state, tab);
  return version && {...file, version};
};

/**
 * A page gets the right bytes of the release that it requests or uses, and of no other. Only files that the release
 * lacks come from the network, and only then a failure of the network is the page's.
 */
const explainLoad = (
  state: LineState,
  question: Load,
  answer: Loaded,
  {circumstances}: Setting,
): LineState[] => {
  const {tab, file: asked} = question;
  const file = fileFor(state, question);
  const isLost = circumstances.wasKilled || circumstances.closed.has(tab);
  const isCertain = file && circumstances.isCertain(state, file);
  const used = file
    ? afterUse(state, tab, file.version, {
        isPin: asked.line === 'files-live',
        isSaved: !circumstances.lackedRoom,
      })
    : state;

  if (answer === 'failed') {
    const isExcused = isLost || (!isCertain && circumstances.mayFail(asked));
    return isExcused ? [used, state] : NOT_POSSIBLE;
  }
  if (answer.status !== 200) {
    return !isCertain && circumstances.mayFail(asked) ? [used] : NOT_POSSIBLE;
  }
  const isRight = file && answer.sha256 === digestOf(file);
  const isExcused =
    !isCertain &&
    ((file && circumstances.isDamaged(file)) ||
      (asked.line === 'files-live' && circumstances.mayBeFromNetwork(asked, answer.sha256)));
  return isRight || isExcused ? [used] : NOT_POSSIBLE;
};

/** A stage is done when each file is stored and right. It fails only if something prevented that. */
const explainStage = (state: LineState, question: Stage, answer: Answered, setting: Setting): LineState[] => {
  const {line, version, hasManifest} = question;
  const {circumstances, deeds} = setting;
  const wasComplete = Boolean(state.staged[version]?.isComplete);
  const complete = afterStage(state, version, true);
  const incomplete = [afterStage(state, version, false), ...(wasComplete ? [complete] : [])];
  if (answer === 'lost') {
    return [state, ...incomplete, complete];
  }
  if ('error' in answer) {
    const isUnknown = !hasManifest && !state.staged[version];
    if (circumstances.lackedRoom) {
      return [state, ...incomplete];
    }
    return state.isOff || isUnknown ? [state] : NOT_POSSIBLE;
  }
  switch (answer.payload.state) {
    case 'done':
      return state.isOff ? NOT_POSSIBLE : [complete];
    case 'aborted':
      return deeds.some((one) => one.question.kind === 'abort stage') ? incomplete : NOT_POSSIBLE;
    default: {
      const isHindered = filesOf(line, version).some(
        (file) =>
          circumstances.mayFail(file) || circumstances.mayBeOutdated(file) || circumstances.isDamaged(file),
      );
      return isHindered || circumstances.lackedRoom || mayBeEvicted(setting, line)
        ? incomplete
        : NOT_POSSIBLE;
    }
  }
};

const subsetsOf = <Value>([first, ...rest]: readonly Value[]): Value[][] =>
  first === undefined ? [[]] : subsetsOf(rest).flatMap((subset) => [subset, [first, ...subset]]);

/** A switch happens completely or not at all, and never to a staged release that is incomplete. */
const explainSwitch = (
  state: LineState,
  line: Line,
  version: Version,
  options: SwitchState & {isRollBack?: boolean},
  answer: Answered,
  {circumstances, deeds}: Setting,
): LineState[] => {
  const staged = state.current === version ? undefined : state.staged[version];
  const isRefused = state.isOff || staged?.isComplete === false;
  const stagedNow = deeds.flatMap(({question}) =>
    question.kind === 'stage' && question.line === line ? [question.version] : [],
  );
  // Nothing may be stored of a version that was not staged.
  const mayBeEmpty = !state.complete.includes(version);
  const mayBeRefused =
    isRefused ||
    (options.isRollBack && mayBeEmpty) ||
    stagedNow.includes(version) ||
    circumstances.lackedRoom ||
    (staged !== undefined && filesOf(line, version).some((file) => circumstances.isDamaged(file)));
  if (answer !== 'lost' && 'error' in answer) {
    return mayBeRefused ? [state] : NOT_POSSIBLE;
  }
  const used = [...state.askedFor, ...Object.values(state.uses).flatMap((use) => use.used)];
  const usedLast = state.current ? [undefined] : [undefined, ...new Set(used)];
  const mayHoldNothing = [...(state.current ? [state.current] : []), ...state.previous].filter(
    (one) =>
      !state.complete.includes(one) || filesOf(line, one).every((file) => circumstances.isDamaged(file)),
  );
  const switched = isRefused
    ? []
    : [[], stagedNow].flatMap((inProgress) =>
        (mayBeEmpty ? [false, true] : [false]).flatMap((isEmpty) =>
          subsetsOf(mayHoldNothing).flatMap((emptyBefore) =>
            usedLast.map((one) => {
              const setting = {inProgress, isEmpty, emptyBefore, ...(one ? {usedLast: one} : {})};
              return afterSwitch(state, version, options, setting);
            }),
          ),
        ),
      );
  return answer === 'lost' ? [...switched, state] : switched;
};

const explainRollBack = (
  state: LineState,
  {line, tab}: Extract<Question, {kind: 'roll back'}>,
  answer: Answered,
  setting: Setting,
): LineState[] => {
  const [version] = state.previous;
  const isAnswered = answer !== 'lost' && 'payload' in answer;
  if (version === undefined || (isAnswered && answer.payload.version !== version)) {
    return isAnswered ? NOT_POSSIBLE : [state];
  }
  const options = {tab, keep: state.previous.length, evictNow: false, isRollBack: true};
  return explainSwitch(state, line, version, options, answer, setting);
};

const explainTurnOff = (state: LineState, answer: Answered): LineState[] => {
  if (answer === 'lost') {
    return [state, {...state, isOff: true}, afterTurningOff()];
  }
  return 'error' in answer ? NOT_POSSIBLE : [afterTurningOff()];
};

/** Returns the states that the line may be in after the deed: none if this state does not explain the deed. */
export const explain = (line: Line, state: LineState, deed: Deed, setting: Setting): LineState[] => {
  const {question} = deed;
  const answer = deed.answer as Answered;
  switch (question.kind) {
    case 'load': {
      // When a worker is killed before it answers, the browser asks the next one.
      const states = setting.circumstances.wasKilled ? [state, ...afterDeath(state)] : [state];
      return question.file.line === line
        ? states.flatMap((one) => explainLoad(one, question, deed.answer as Loaded, setting))
        : [state];
    }
    case 'stage':
      return question.line === line ? explainStage(state, question, answer, setting) : [state];
    case 'switch':
      return question.line === line
        ? explainSwitch(state, line, question.version, question, answer, setting)
        : [state];
    case 'roll back':
      return question.line === line ? explainRollBack(state, question, answer, setting) : [state];
    case 'turn off':
      return explainTurnOff(state, answer);
    case 'turn on':
      return [{...state, isOff: state.isOff && answer === 'lost'}];
    case 'abort stage':
      return [state];
  }
};
