import type {Manifest} from '@holdfast/manifest';
import type {IntegrityReason} from '../../integrity/events.ts';
import type {StoreFailure} from '../events.ts';

/**
 * How a verified asset has come into its release.
 *
 * - `present`: it was there already.
 * - `carried-over`: the same bytes were in another release.
 * - `fetched`: from the network.
 */
export type AssetSource = 'present' | 'carried-over' | 'fetched';

/**
 * Why an asset could not be brought in: its bytes are wrong ({@link IntegrityReason}), they could not be stored
 * ({@link StoreFailure}), the network has no answer (`unreachable`: also that of a host without CORS), or another one
 * than the file (`status`).
 */
export type StageFailureReason = IntegrityReason | StoreFailure | 'unreachable' | 'status';

export interface StageFailure {
  key: string;
  reason: StageFailureReason;
  /** The status of the answer, where that is the reason. */
  status?: number | undefined;
}

/** How far a stage is. */
export interface StageProgress {
  line: string;
  version: string;
  state: 'running' | 'done' | 'failed' | 'aborted';
  /** The files of the manifest. */
  assets: number;
  /** Those that are in the release and verified. */
  verified: number;
  /** Those that a page is just downloading, which the stage waits for: their bytes are not counted yet. */
  waiting: number;
  /** Bytes of all files. Of one whose size nobody states, those that there are so far. */
  totalBytes: number;
  /** Bytes so far, by where they have come from. */
  bytes: Record<AssetSource, number>;
}

/** What a stage has done. */
export interface StageReport {
  line: string;
  version: string;
  assets: number;
  totalBytes: number;
  bytes: Record<AssetSource, number>;
  /** The keys of those that were in the release, were found to be damaged, and were brought in again. */
  damaged: string[];
  /** Key → path, of those that are kept as files in the origin private file system. */
  files: Record<string, string>;
}

export type StageAnswer =
  | {state: 'running'}
  | {state: 'aborted'}
  | {state: 'failed'; failures: StageFailure[]}
  | ({state: 'done'} & StageReport);

/** What a page may ask of the worker about whole releases, and what it is told. The form is that of version-scope. */
export interface ReleaseMessages {
  /**
   * Brings every asset of a release in, and verifies it. Answered when that is done, or else after some seconds with
   * `running`: ask again then, which keeps the worker alive. What is stored already counts, so it can also be asked
   * again when the worker has died.
   */
  HOLDFAST_STAGE: {
    request: {
      line: string;
      version: string;
      /** Whoever asks, by a name of his own: another one may want the same release. */
      asker: string;
      /** The release's assets. Without it, those that were given the last time. */
      manifest?: Manifest | undefined;
      /** URL → path below the release's folder, of those that go into the origin private file system. */
      files?: Readonly<Record<string, string>> | undefined;
    };
    answer: StageAnswer;
  };
  /** Gives a stage up, unless somebody else wants it too. What is brought in stays. */
  HOLDFAST_ABORT_STAGE: {
    request: {line: string; version: string; asker: string};
    answer: Record<never, never>;
  };
  /** Lists the stages that are under way, and how the last one of each release has ended since the worker started. */
  HOLDFAST_LIST_STAGES: {
    request: Record<never, never>;
    answer: {stages: StageProgress[]};
  };
}

export type ReleaseMessageType = keyof ReleaseMessages;
