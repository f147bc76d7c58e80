/**
 * What a release is to its line.
 *
 * - `current`: what new pages use.
 * - `previous`: it was current before, and is kept for a rollback.
 * - `staged`: it is whole and verified, beside the current one.
 * - `staging`: it is not whole yet.
 * - `other`: its files were asked for by URLs with its version, or a page that is open still uses it.
 */
export type ReleaseState = 'current' | 'previous' | 'staged' | 'staging' | 'other';

/** A release as the worker lists it. */
export interface ReleaseInfo {
  version: string;
  state: ReleaseState;
  cacheName: string;
  /** Files in the cache. */
  entries: number;
  /** Bytes of their bodies, as a page reads them. Opaque responses count as 0, because nobody may know. */
  bytes: number;
}

/** A line as the worker lists it. */
export interface LineInfo {
  /** The line's name: the plugin's prefix and the line's values, joined by dashes. */
  line: string;
  /** The version that URLs without one are answered from; `null` until one was made current. */
  current: string | null;
  releases: ReleaseInfo[];
}

/** What a switch has done. */
export interface SwitchAnswer {
  line: string;
  /** The version that is current now. */
  version: string;
  /** The versions whose caches were deleted. */
  evicted: string[];
  /** The line's other versions that have a cache still. */
  kept: string[];
}

/**
 * What a page may ask of the worker, and what it is told: `{type, payload}` with a port to answer on. The
 * answer comes as `{type: 'HOLDFAST_ANSWER', payload}` or `{type: 'HOLDFAST_ERROR', payload: {message}}`.
 */
export interface VersionMessages {
  /**
   * Makes a version the current one of its line: for new pages, and for the one that asks. The line's other releases
   * are deleted, except those that are kept or staged, and those that other pages use, for as long as they do.
   *
   * A version that was staged has to be whole. One that was not fills as its files are asked for.
   */
  HOLDFAST_SWITCH_VERSION: {
    request: {
      line: string;
      version: string;
      /**
       * How many of the releases that were current before are kept for a rollback.
       *
       * @default 1
       */
      keep?: number | undefined;
      /**
       * Deletes all other releases of the line at once, also those that are in use. The pages that use them go on with
       * the new one.
       *
       * @default false
       */
      evictNow?: boolean | undefined;
    };
    answer: SwitchAnswer;
  };
  /** Makes the version current that was so before. The one that it replaces is kept in its place. */
  HOLDFAST_ROLLBACK: {
    request: {line: string};
    answer: SwitchAnswer;
  };
  /** Asks for the current version of a line. */
  HOLDFAST_CURRENT_VERSION: {
    request: {line: string};
    answer: {line: string; version: string | null};
  };
  /** Lists every line with its releases and their sizes. */
  HOLDFAST_LIST_RELEASES: {
    request: Record<never, never>;
    answer: {lines: LineInfo[]};
  };
  /** Deletes the caches of all releases, forgets which versions were current, and stores no more. */
  HOLDFAST_TURN_OFF: {
    request: Record<never, never>;
    answer: {dropped: string[]};
  };
  /**
   * Takes control of the pages that have no worker, as after a reload that goes round it; and stores again if
   * everything was turned off and the worker has been registered again since.
   */
  HOLDFAST_TURN_ON: {
    request: Record<never, never>;
    answer: Record<never, never>;
  };
}

export type VersionMessageType = keyof VersionMessages;

export type VersionAnswer<Type extends VersionMessageType = VersionMessageType> =
  | {type: 'HOLDFAST_ANSWER'; payload: VersionMessages[Type]['answer']}
  | {type: 'HOLDFAST_ERROR'; payload: {message: string}};
