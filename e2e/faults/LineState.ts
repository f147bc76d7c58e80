import type {Version} from './content.ts';
import type {Tab} from './World.ts';

/** What is known of a release that was staged. */
export interface StagedState {
  /** The higher, the later it was asked for. */
  order: number;
  isWhole: boolean;
}

/** What a page uses of a line. */
export interface UseState {
  /** What its URLs without a version stand for. */
  pinned?: Version;
  used: readonly Version[];
  /** Whether the worker could write it down. */
  isSaved: boolean;
}

/**
 * What is true of a line. This is the whole of what a line promises, in small: the functions below say how it changes.
 * Nothing is changed in place.
 */
export interface LineState {
  readonly current?: Version;
  /** Kept for a rollback, the last one first. */
  readonly previous: readonly Version[];
  readonly staged: {readonly [version in Version]?: StagedState};
  /** Versions that were staged to the end, and have been in use, kept or staged ever since. */
  readonly whole: readonly Version[];
  readonly uses: {readonly [tab in Tab]?: UseState};
  /** Versions whose files were asked for by their own URLs, since the last switch. */
  readonly askedFor: readonly Version[];
  /** The worker stores nothing. */
  readonly isOff: boolean;
}

export const EMPTY: LineState = {previous: [], staged: {}, whole: [], uses: {}, askedFor: [], isOff: false};

const without = <Value extends object>(object: Value, keys: readonly string[]): Value =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key))) as Value;

/** A page asks for a file of a version: because its URL says so, or because the page's URLs stand for that. */
export const afterUse = (
  state: LineState,
  tab: Tab,
  version: Version,
  {isPin, isSaved}: {isPin: boolean; isSaved: boolean},
): LineState => {
  const before = state.uses[tab] ?? {used: [], isSaved: true};
  const pinned = isPin ? version : before.pinned;
  const use: UseState = {
    ...(pinned ? {pinned} : {}),
    used: [...new Set([...before.used, version])].sort(),
    isSaved: before.isSaved && isSaved,
  };
  const askedFor = isPin ? state.askedFor : [...new Set([...state.askedFor, version])].sort();
  return {...state, uses: {...state.uses, [tab]: use}, askedFor};
};

/** What a release is there for, apart from having been asked for. */
const holders = ({current, previous, staged, uses}: LineState): Version[] => [
  ...(current ? [current] : []),
  ...previous,
  ...(Object.keys(staged) as Version[]),
  ...Object.values(uses).flatMap(({used}) => used),
];

/** What nobody holds any more may be deleted at any time. */
const letGo = (state: LineState): LineState => ({
  ...state,
  whole: state.whole.filter((version) => holders(state).includes(version)),
});

/** A page has gone. */
export const afterClosing = (state: LineState, tab: Tab): LineState =>
  letGo({...state, uses: without(state.uses, [String(tab)])});

/** A stage is begun, or has come to its end. A release keeps its place in the order when it is staged again. */
export const afterStage = (state: LineState, version: Version, isWhole: boolean): LineState => {
  const last = Math.max(0, ...Object.values(state.staged).map((one) => one.order));
  const order = state.staged[version]?.order ?? last + 1;
  const whole = state.whole.filter((one) => one !== version);
  return {
    ...state,
    staged: {...state.staged, [version]: {order, isWhole}},
    whole: isWhole ? [...whole, version].sort() : whole,
  };
};

/** What a page asks for with a switch. */
export interface SwitchState {
  tab: Tab;
  keep: number;
  evictNow: boolean;
}

/**
 * Of the releases that were staged, those go that have had their day: those that were current before, and those that
 * were staged before the new one. If that was never staged, those that are not whole and that nobody goes on with.
 *
 * @param goneOnWith versions that are being staged.
 */
export const afterSwitch = (
  state: LineState,
  version: Version,
  {tab, keep, evictNow}: SwitchState,
  goneOnWith: readonly Version[],
): LineState => {
  const former = [...(state.current ? [state.current] : []), ...state.previous].filter(
    (one) => one !== version,
  );
  const previous = former.slice(0, evictNow ? 0 : keep);
  const target = state.staged[version];
  const superseded = (Object.entries(state.staged) as [Version, StagedState][])
    .filter(([one]) => one !== version && !previous.includes(one))
    .filter(
      ([one, {order, isWhole}]) =>
        evictNow ||
        former.includes(one) ||
        (target ? order < target.order : !(isWhole || goneOnWith.includes(one))),
    )
    .map(([one]) => one);
  return letGo({
    ...state,
    current: version,
    previous,
    staged: without(state.staged, superseded),
    uses: evictNow ? {} : without(state.uses, [String(tab)]),
    askedFor: [],
  });
};

export const afterTurningOff = (): LineState => ({...EMPTY, isOff: true});

/** The worker has died: what it could not write down it may have forgotten. */
export const afterDeath = (state: LineState): LineState[] => {
  const unsaved = Object.entries(state.uses).filter(([, {isSaved}]) => !isSaved);
  const alive = {...state, isOff: false};
  return unsaved.length === 0
    ? [alive]
    : [
        alive,
        letGo({
          ...alive,
          uses: without(
            alive.uses,
            unsaved.map(([tab]) => tab),
          ),
        }),
      ];
};

/** What a page's URLs without a version stand for. */
export const versionFor = ({uses, current}: LineState, tab: Tab): Version | undefined =>
  uses[tab]?.pinned ?? current;

/** Everything that a cache of the line may be there for. */
export const owned = (state: LineState): Version[] => [...holders(state), ...state.askedFor];

/** How the worker lists a release. */
export const listedAs = ({current, previous, staged}: LineState, version: Version): string => {
  if (version === current) {
    return 'current';
  }
  if (previous.includes(version)) {
    return 'previous';
  }
  const one = staged[version];
  return one ? (one.isWhole ? 'staged' : 'staging') : 'other';
};

export const distinct = (states: readonly LineState[]): LineState[] => [
  ...new Map(states.map((state) => [JSON.stringify(state), state])).values(),
];
