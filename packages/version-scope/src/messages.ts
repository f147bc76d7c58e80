/** A release as the worker lists it. */
export interface ReleaseInfo {
  version: string;
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

/**
 * What a page may ask of the worker, and what it is told: `{type, payload}` with a port to answer on. The
 * answer comes as `{type: 'HOLDFAST_ANSWER', payload}` or `{type: 'HOLDFAST_ERROR', payload: {message}}`.
 */
export interface VersionMessages {
  /** Makes a version the current one of its line, and deletes the caches of the line's other releases. */
  HOLDFAST_SWITCH_VERSION: {
    request: {line: string; version: string};
    answer: {line: string; version: string; evicted: string[]};
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
