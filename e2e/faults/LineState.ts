import type {Version} from './content.ts';
import type {Tab} from './World.ts';

/** What is known of a release that was staged. */
export interface StagedState {
  /** Higher for releases that were staged later. */
  order: number;
  isComplete: boolean;
}

/** What a page uses of a line. */
export interface UseState {
  /** The version that its URLs without one mean. */
  pinned?: Version;
  used: readonly Version[];
  /** Whether the worker could store the use. */
  isSaved: boolean;
}

/**
 * What is true of a line: a small model of its promises. The functions below return what it changes to; nothing is
 * changed in place.
 */
export interface LineState {
  readonly current?: Version;
  /** Kept for a rollback, the newest first. */
  readonly previous: readonly Version[];
  readonly staged: {readonly [version in Version]?: StagedState};
  /** Versions that were staged completely, and have been used, kept or staged ever since. */
  readonly complete: readonly Version[];
  readonly uses: {readonly [tab in Tab]?: UseState};
  /** Versions whose files were requested by URLs with the version, since the last switch. */
  readonly askedFor: readonly Version[];
  /** The worker stores nothing. */
  readonly isOff: boolean;
}

export const EMPTY: LineState = {
  previous: [],
  staged: {},
  complete: [],
  uses: {},
  askedFor: [],
  isOff: false,
};

const without = <Value extends object>(object: Value, keys: readonly string[]): Value =>
  Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key))) as Value;

/** A page requests a file of a version: by a URL with the version, or because the page uses that version. */
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

/** Returns the versions that something holds, apart from having been requested. */
const holders = ({current, previous, staged, uses}: LineState): Version[] => [
  ...(current ? [current] : []),
  ...previous,
  ...(Object.keys(staged) as Version[]),
  ...Object.values(uses).flatMap(({used}) => used),
];

/** A release that nothing holds may be deleted at any time. */
const forgetUnheld = (state: LineState): LineState => ({
  ...state,
  complete: state.complete.filter((version) => holders(state).includes(version)),
});

/** A page is closed. */
export const afterClosing = (state: LineState, tab: Tab): LineState =>
  forgetUnheld({...state, uses: without(state.uses, [String(tab)])});

/** A stage begins, or ends. A release that is staged again keeps its place in the order. */
export const afterStage = (state: LineState, version: Version, isComplete: boolean): LineState => {
  const last = Math.max(0, ...Object.values(state.staged).map((one) => one.order));
  const order = state.staged[version]?.order ?? last + 1;
  const complete = state.complete.filter((one) => one !== version);
  return {
    ...state,
    staged: {...state.staged, [version]: {order, isComplete}},
    complete: isComplete ? [...complete, version].sort() : complete,
  };
};

/** What a page asks for in a switch. */
export interface SwitchState {
  tab: Tab;
  keep: number;
  evictNow: boolean;
}

/**
 * A switch evicts staged releases that are superseded: those that were current before, and those that were staged before
 * the new one. If the new one was never staged, it evicts those that are incomplete and not being staged. It evicts
 * nothing for a version of which nothing is stored.
 *
 * @param inProgress versions that are being staged.
 * @param usedLast the version that counts as the one before, at the first switch.
 * @param isEmpty whether nothing of the version is stored.
 * @param emptyBefore those that were current before and of which nothing is stored: they are not kept.
 */
export const afterSwitch = (
  state: LineState,
  version: Version,
  {tab, keep, evictNow}: SwitchState,
  {
    inProgress,
    usedLast,
    isEmpty,
    emptyBefore,
  }: {
    inProgress: readonly Version[];
    usedLast?: Version;
    isEmpty: boolean;
    emptyBefore: readonly Version[];
  },
): LineState => {
  const known = state.current ? [state.current, ...state.previous] : usedLast ? [usedLast] : [];
  const former = known.filter((one) => one !== version && !emptyBefore.includes(one));
  const previous = former.slice(0, evictNow ? 0 : keep);
  const target = state.staged[version];
  const superseded = (Object.entries(state.staged) as [Version, StagedState][])
    .filter(([one]) => one !== version && !previous.includes(one))
    .filter(
      ([one, {order, isComplete}]) =>
        !isEmpty &&
        (evictNow ||
          former.includes(one) ||
          (target ? order < target.order : !(isComplete || inProgress.includes(one)))),
    )
    .map(([one]) => one);
  return forgetUnheld({
    ...state,
    current: version,
    previous,
    staged: without(state.staged, superseded),
    uses: evictNow ? {} : without(state.uses, [String(tab)]),
    askedFor: isEmpty ? [...new Set(owned(state))].sort() : [],
  });
};

export const afterTurningOff = (): LineState => ({...EMPTY, isOff: true});

/** The worker was killed: it may have forgotten what it could not store. */
export const afterDeath = (state: LineState): LineState[] => {
  const unsaved = Object.entries(state.uses).filter(([, {isSaved}]) => !isSaved);
  const alive = {...state, isOff: false};
  return unsaved.length === 0
    ? [alive]
    : [
        alive,
        forgetUnheld({
          ...alive,
          uses: without(
            alive.uses,
            unsaved.map(([tab]) => tab),
          ),
        }),
      ];
};

/** Returns the version that a page's URLs without one mean. */
export const versionFor = ({uses, current}: LineState, tab: Tab): Version | undefined =>
  uses[tab]?.pinned ?? current;

/** Returns the versions for which the line may have a cache. */
export const owned = (state: LineState): Version[] => [...holders(state), ...state.askedFor];

/** Returns the state in which the worker lists a release. */
export const listedAs = ({current, previous, staged}: LineState, version: Version): string => {
  if (version === current) {
    return 'current';
  }
  if (previous.includes(version)) {
    return 'previous';
  }
  const one = staged[version];
  return one ? (one.isComplete ? 'staged' : 'staging') : 'other';
};

export const distinct = (states: readonly LineState[]): LineState[] => [
  ...new Map(states.map((state) => [JSON.stringify(state), state])).values(),
];
