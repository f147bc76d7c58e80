import type {Manifest} from '@holdfast/manifest';
import type {IntegrityFailure, IntegrityReason, Reason, Refusal, StoreFailure} from '../worker/failures.ts';
import type {MissedRoute} from '../worker/MissedRoute.ts';

export type {
  Expected,
  IntegrityFailure,
  IntegrityReason,
  Mismatch,
  Reason,
  Refusal,
  StoreFailure,
} from '../worker/failures.ts';
export type {MissedRoute} from '../worker/MissedRoute.ts';

// What a page and a worker say to each other: one file of types for both sides.

/** A line as a page names it: the name of its route, and the values that tell its lines apart. */
export interface LineName {
  /** The `name` of `release()`, or the `prefix` of `versionScope()`. */
  name: string;
  /** Group of the pattern → value, e.g. `{locale: 'en-us'}`. Without it, `name` is a line's whole name. */
  values?: Readonly<Record<string, string>> | undefined;
}

/**
 * What a release is to its line.
 *
 * - `current`: new pages use it.
 * - `previous`: it was current before, and is kept for a rollback.
 * - `staged`: it is complete and verified, beside the current one.
 * - `staging`: it is not complete yet.
 * - `other`: pages asked for its files by URLs with its version, or an open page still uses it.
 */
export type ReleaseState = 'current' | 'previous' | 'staged' | 'staging' | 'other';

/** A release as the worker lists it. */
export interface ReleaseInfo {
  version: string;
  state: ReleaseState;
  cacheName: string;
  /** Files in the cache, and in pieces beside it. */
  entries: number;
  /** Bytes of their bodies, as a page reads them. An opaque response counts as 0, since its size is hidden. */
  bytes: number;
}

/** A line as the worker lists it. */
export interface LineInfo {
  /** The line's whole name: the prefix and the values of the line, joined by dashes. */
  line: string;
  /** The version that URLs without one are answered from; `null` until one was made current. */
  current: string | null;
  releases: ReleaseInfo[];
}

/** What a group of files is: all of them, or those of an app of the workspace, of a route, of a line, of a release. */
export type UsageKind = 'all' | 'namespace' | 'route' | 'line' | 'release';

/** What of a group of files is stored, and how it is used. */
export interface UsageInfo {
  kind: UsageKind;
  /** The name of the namespace or of the route, a line's whole name, or the name of a release's cache; empty for all. */
  name: string;
  /** The route that a line or a release belongs to; `null` for other kinds. */
  route: string | null;
  /** The whole name of the line that a release belongs to; `null` for other kinds. */
  line: string | null;
  /** What `clear()` takes to delete it. */
  selection: ClearSelection;
  /** Files that are stored, as entries, in pieces or in the origin private file system. */
  entries: number;
  /** Bytes as stored. An opaque response counts with what the browser adds on average. */
  bytes: number;
  /** When the oldest and the newest of them were stored, in milliseconds since 1970; `null` for none. */
  oldest: number | null;
  newest: number | null;
  /** Requests that were answered from storage, and those that were not, since `inspection()` was added. */
  hits: number;
  misses: number;
  /** Bytes of the answers from storage. */
  savedBytes: number;
  /** How often an answer was not stored, by reason. */
  refusals: Partial<Record<Reason, number>>;
  /** The limits of the group; `null` for none. */
  maxBytes: number | null;
  maxEntries: number | null;
}

/** What is stored, as the worker lists it. */
export interface StorageUsage {
  groups: UsageInfo[];
  /** What would be deleted first if room had to be made: a release or a file. `null` where nothing may go. */
  next: {release: string | null; key: string | null; entries: number; bytes: number} | null;
  /** What the browser reports: a hint, as in Chromium the quota is no measure of the room that is left. */
  estimate: {usage: number | null; quota: number | null};
}

/** What is to be deleted: one of these. Without any, everything that the worker has stored. */
export interface ClearSelection {
  /** The file of a URL, in all releases. */
  url?: string | undefined;
  /** The files whose keys match: a RegExp, or a text with `*` and `?` for whole URLs. */
  pattern?: RegExp | string | undefined;
  /** A release, also the current one. */
  release?: {line: LineName; version: string} | undefined;
  /** All releases of a line, and what is known of it. */
  line?: LineName | undefined;
  /** What a route has stored: by the prefix of its releases, or the name of its cache. */
  route?: string | undefined;
  /** What the routes of an app of the workspace have stored. */
  namespace?: string | undefined;
  /** What is stored for an account alone, by the name of `signIn()`. To sign out does more: see `signOut()`. */
  account?: string | undefined;
}

/** What was deleted. */
export interface Cleared {
  entries: number;
  bytes: number;
}

/** What a switch did. */
export interface SwitchAnswer {
  line: string;
  /** The version that is current now. */
  version: string;
  /** The versions whose caches were deleted. */
  evicted: string[];
  /** The line's other versions that still have a cache. */
  kept: string[];
}

/**
 * Why a job did not get an asset: its bytes are wrong ({@link IntegrityReason}), they could not be stored
 * ({@link StoreFailure}), the network has no answer (`unreachable`: also a host without CORS), or the answer is not the
 * file (`status`).
 */
export type FailureReason = IntegrityReason | StoreFailure | 'unreachable' | 'status';

/** An asset that a job did not get. */
export interface AssetFailure {
  key: string;
  reason: FailureReason;
  /** The status of the answer, where that is the reason. */
  status?: number | undefined;
}

/**
 * How a job stands: a stage of a release, or the download of a file.
 *
 * - `running`: bytes arrive, or are waited for.
 * - `done`: everything is stored.
 * - `failed`: see the failures. What is stored stays, and the next attempt resumes from it.
 * - `aborted`: nobody waits for it any more. What is stored stays.
 */
export type JobState = 'running' | 'done' | 'failed' | 'aborted';

/**
 * How a verified asset came into its release.
 *
 * - `present`: it was there already.
 * - `reused`: another release has the same bytes.
 * - `fetched`: from the network.
 */
export type AssetSource = 'present' | 'reused' | 'fetched';

/** How far a stage is. */
export interface StageProgress {
  line: string;
  version: string;
  state: JobState;
  /** The files of the manifest. */
  assets: number;
  /** Those that are in the release and verified. */
  verified: number;
  /** Those that a page is downloading at the moment, for which the stage waits: their bytes are not counted yet. */
  waiting: number;
  /** Bytes of all files. A file of unknown size counts with the bytes that have arrived. */
  totalBytes: number;
  /** Bytes so far, by where they came from. */
  bytes: Record<AssetSource, number>;
}

/** What a stage did. */
export interface StageReport {
  line: string;
  version: string;
  assets: number;
  totalBytes: number;
  bytes: Record<AssetSource, number>;
  /** The keys of those that were damaged in the release, and were replaced. */
  damaged: string[];
  /** Key → path, of those in the origin private file system. */
  files: Record<string, string>;
}

/** How far the download of a file is. */
export interface DownloadProgress {
  key: string;
  state: JobState;
  /** Bytes that are here, those of earlier attempts included. */
  bytes: number;
  totalBytes: number;
  /** Over the last seconds. */
  bytesPerSecond: number;
  /** At that speed; `undefined` while nothing arrives. */
  secondsLeft: number | undefined;
}

/** What a download did. */
export interface StoredFile {
  /** Under which the file is stored. */
  key: string;
}

/** A route as the worker explains it. Neither its pattern nor its strategy's name is known: Workbox hides one, a build the other. */
export interface RouteInfo {
  /** Its place among the worker's routes for this method, from 1 on. */
  index: number;
  /** How many there are. The first that matches takes a request. */
  routes: number;
  /** The places of later ones that match, too. */
  later: number[];
  /** Whether a function answers, so that nothing is known of what it stores. */
  isFunction: boolean;
  /** The cache of its strategy. Files of releases are elsewhere. */
  cacheName: string | null;
  /** Our plugins of its strategy, in their order: `stableKey`, `quotaGuard`, `integrity`, `versionScope`, … */
  plugins: string[];
  /** Whether its strategy is `ResumableCacheFirst`. */
  isResumable: boolean;
  /** Whether a plugin that is not ours may change the key, so that the file may be stored under another one. */
  hasOtherKeys: boolean;
}

/** What is stored of an asset, and where. */
export interface StoredInfo {
  /**
   * - `entry`: an entry of a cache.
   * - `pieces`: pieces of a large file, of which there is no entry yet.
   * - `file`: in the origin private file system.
   */
  where: 'entry' | 'pieces' | 'file';
  /** The cache of the entry, or the one that the pieces belong to. */
  cacheName: string | null;
  /** Of a file: its path in the origin private file system. */
  path: string | null;
  /** Bytes that are stored; `null` where the response is opaque, so that its size is hidden. */
  bytes: number | null;
  /** Whether that is all of it. */
  isComplete: boolean;
  /** How old it is, as far as is known: since it was stored, or since its host made the answer. */
  ageSeconds: number | null;
  /**
   * Whether its bytes were verified by a digest, of the release's manifest or of an `IntegrityPlugin`'s list; `null` where
   * neither has one.
   */
  isVerified: boolean | null;
}

/** What the worker knows of a URL. It holds no secrets. */
export interface Explanation {
  /** Without its query. */
  url: string;
  /** The route that takes it; `null` where none does, so that the request goes past the worker. */
  route: RouteInfo | null;
  /** Where no route takes it: those that nearly do. */
  missed: MissedRoute[];
  /** What it is stored under; `null` where no route takes it. */
  key: string | null;
  /** The release that it belongs to; `null` where it belongs to none. */
  release: {
    /** The line's whole name. */
    line: string;
    /** `null` where the URL has no version, and the line has no current one. */
    version: string | null;
    /** `null` where there is no version. */
    state: ReleaseState | null;
    /** The current version of the line. */
    current: string | null;
  } | null;
  /** `null` where nothing of it is stored. */
  stored: StoredInfo | null;
  /** Whether it is stored for the account that asks alone. */
  isOwn: boolean;
  /** How far its download is, while it is running. */
  download: DownloadProgress | null;
  /** Why it was not stored the last time, in this life of the worker; `null` where that is not known, or it is stored. */
  refusal: {reason: Reason; status?: number | undefined; secondsAgo: number} | null;
  /** Whether the Content Security Policy of the worker's script has kept the worker from this host. */
  isBlocked: boolean;
  /** Whether everything was turned off. */
  isTurnedOff: boolean;
}

/** What a sign-out did. */
export interface SignOutReport {
  /** How many stored files were deleted. */
  entries: number;
}

/** How a job stands, as the worker answers. The id is good for this life of the worker. */
export type JobAnswer<Report> =
  | {state: 'running'; job: string; progress?: StageProgress | DownloadProgress | undefined}
  | {state: 'aborted'}
  | {state: 'failed'; failures: AssetFailure[]}
  | {state: 'done'; report: Report}
  /** The worker knows no such job: it was restarted since. Start the job again; what is stored counts. */
  | {state: 'unknown'};

type Nothing = Record<never, never>;

/**
 * What a page may ask of the worker, and what it is answered: `{type, payload}` with a port to answer on. The answer
 * comes as `{type: 'HOLDFAST_ANSWER', payload}` or as {@link ErrorMessage}.
 */
export interface Messages {
  /**
   * Makes a version the current one of its line: for new pages, and for the one that asks. The worker keeps the release
   * that was current before (`keep`), those that are staged and not superseded, and those that other pages use, for as
   * long as they do. It deletes the line's other releases. At the first switch of a line, the release that was used last
   * counts as the one before.
   *
   * A version that was staged has to be complete. A version of which nothing is stored is refused without `allowEmpty`.
   */
  HOLDFAST_SWITCH_VERSION: {
    request: {
      line: LineName;
      version: string;
      /**
       * How many of the releases that were current before are kept for a rollback.
       *
       * @default 1
       */
      keep?: number | undefined;
      /**
       * Deletes all other releases of the line at once, also those in use. The pages that use them continue with the new
       * one.
       *
       * @default false
       */
      evictNow?: boolean | undefined;
      /**
       * Makes a version current of which nothing is stored. Its cache fills as its files are requested, and no other
       * release is deleted until the next switch.
       *
       * @default false
       */
      allowEmpty?: boolean | undefined;
    };
    answer: SwitchAnswer;
  };
  /**
   * Makes the version current that was so before. The one that it replaces is kept in its place. It is refused where no
   * such version is kept, and where that version is no longer stored, or was staged and is not complete.
   */
  HOLDFAST_ROLLBACK: {request: {line: LineName}; answer: SwitchAnswer};
  /** Asks for the current version of a line. */
  HOLDFAST_CURRENT_VERSION: {request: {line: LineName}; answer: {line: string; version: string | null}};
  /** Lists every line with its releases and their sizes. */
  HOLDFAST_LIST_RELEASES: {request: Nothing; answer: {lines: LineInfo[]}};
  /** Explains what becomes of a URL. It changes nothing that is stored, and requests nothing. */
  HOLDFAST_EXPLAIN: {
    request: {
      url: string;
      /** @default 'GET' */
      method?: string | undefined;
      /** Such as `image`: see `Request.destination`. Empty for `fetch()`. */
      destination?: string | undefined;
      mode?: string | undefined;
      /** Those of the request: they say who asks, and `Accept` chooses the key at a few hosts. */
      headers?: Readonly<Record<string, string>> | undefined;
    };
    answer: Explanation;
  };
  /** Lists what is stored, in groups, and how it is used. */
  HOLDFAST_USAGE: {request: Nothing; answer: StorageUsage};
  /** Deletes what is stored, or a part of it. */
  HOLDFAST_CLEAR: {request: ClearSelection; answer: Cleared};
  /** Deletes the caches of all releases, forgets which versions were current, and stores nothing more. */
  HOLDFAST_TURN_OFF: {request: Nothing; answer: {dropped: string[]}};
  /**
   * Takes control of the pages that have no worker, as after a hard reload; and stores again if everything was turned
   * off and the worker was registered again since.
   */
  HOLDFAST_TURN_ON: {request: Nothing; answer: Nothing};
  /**
   * Stages a release: stores and verifies each of its assets. What is stored already counts, so the message can be sent
   * again after the worker was restarted.
   */
  HOLDFAST_STAGE: {
    request: {
      line: LineName;
      version: string;
      /** The id under which a page waits: another one may want the same release. */
      asker: string;
      /** The release's assets, or the URL of a manifest. Without it, those that were given the last time. */
      manifest?: Manifest | string | undefined;
      /** URL → path below the release's folder, of those that go into the origin private file system. */
      files?: Readonly<Record<string, string>> | undefined;
      /** Request headers with a credential, for the private files of the release. They stay in memory. */
      headers?: Readonly<Record<string, string>> | undefined;
    };
    answer: JobAnswer<StageReport>;
  };
  /** Downloads a file through the route that answers it, and stores it. */
  HOLDFAST_DOWNLOAD: {
    request: {
      url: string;
      asker: string;
      /** Request headers, as a page sends them with its own requests. They stay in memory. */
      headers?: Readonly<Record<string, string>> | undefined;
    };
    answer: JobAnswer<StoredFile>;
  };
  /** Waits for a job: answers when it ends, or after some seconds. To ask again and again keeps the worker alive. */
  HOLDFAST_JOB: {request: {job: string; asker: string}; answer: JobAnswer<StageReport | StoredFile>};
  /** Aborts a job, unless another page waits for it, too. What is stored stays. */
  HOLDFAST_ABORT_JOB: {request: {job: string; asker: string}; answer: Nothing};
  /**
   * Has the requests of the page that asks belong to a name. Pages that have signed in by another name have none from then
   * on. The name itself is not stored.
   */
  HOLDFAST_SIGN_IN: {request: {name: string}; answer: Nothing};
  /** Deletes everything that was stored for the account of the page that asks, in all tabs. */
  HOLDFAST_SIGN_OUT: {request: Nothing; answer: SignOutReport};
  /** Lists the stages that are running, and how the last one of each release has ended since the worker started. */
  HOLDFAST_LIST_STAGES: {request: Nothing; answer: {stages: StageProgress[]}};
}

export type MessageType = keyof Messages;

/** Why a message was not answered. */
export interface ErrorMessage {
  type: 'HOLDFAST_ERROR';
  payload: {
    message: string;
    /** The worker has no code for this type of message. */
    isUnsupported?: boolean | undefined;
  };
}

/** What comes on the port. */
export type AnswerMessage<Type extends MessageType = MessageType> =
  | {type: 'HOLDFAST_ANSWER'; payload: Messages[Type]['answer']}
  | ErrorMessage;

/** The name of the `BroadcastChannel` on which workers report. */
export const EVENT_CHANNEL = 'holdfast';

/** What workers report to every page of the origin, on {@link EVENT_CHANNEL}. Nothing in a worker acts on it. */
export type WorkerEvent =
  | {type: 'ASSET_STORED'; payload: {key: string; cacheName: string}}
  | {type: 'ASSET_NOT_STORED'; payload: {key: string; cacheName: string; reason: StoreFailure}}
  | {type: 'RESPONSE_REFUSED'; payload: {key: string; reason: Refusal; status: number}}
  | {type: 'QUOTA_EXCEEDED'; payload: {usage: number; quota: number}}
  | {type: 'INTEGRITY_FAILED'; payload: IntegrityFailure & {key: string}}
  | {type: 'VERSION_SWITCHED'; payload: {line: string; version: string}}
  /** Caches of a line were deleted. */
  | {type: 'RELEASES_EVICTED'; payload: {line: string; evicted: string[]; kept: string[]}}
  | {type: 'CACHES_DROPPED'; payload: {dropped: string[]}}
  /** A page has had files deleted. */
  | {type: 'STORAGE_CLEARED'; payload: Cleared}
  /** Storage is nearly full: what the browser reports, and what would be deleted first. */
  | {
      type: 'STORAGE_PRESSURE';
      payload: {usage: number; quota: number; isPersisted: boolean | null; next: StorageUsage['next']};
    }
  /** A page has signed in by a name. Which one is not said. */
  | {type: 'SIGNED_IN'; payload: Nothing}
  /** An account was signed out of, and what was stored for it was deleted. */
  | {type: 'SIGNED_OUT'; payload: SignOutReport}
  /** Ten times a second at most, and at the end. */
  | {type: 'STAGE_PROGRESS'; payload: StageProgress}
  | {
      type: 'ASSET_STAGED';
      payload: {line: string; version: string; key: string; from: AssetSource; bytes: number};
    }
  /** Ten times a second at most, and at the end. */
  | {type: 'DOWNLOAD_PROGRESS'; payload: DownloadProgress};
