import type {IntegrityFailure, StoreFailure} from '../messages/protocol.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {ClientUses} from './ClientUses.ts';
import {CurrentVersions} from './CurrentVersions.ts';
import {Evictions} from './Evictions.ts';
import {InFlight} from './InFlight.ts';
import {Locks} from './Locks.ts';
import {PendingPuts} from './PendingPuts.ts';
import type {Pin} from './pinRequest.ts';
import {changeRecords, inTime} from './records.ts';
import type {Scope} from './releaseOf.ts';

/** A response to store, and what turned out to be wrong with its bytes while they were stored. */
export interface Checked {
  response: Response;
  /** Called when bytes of a large body arrive. */
  onBytes?: (() => void) | undefined;
  failure(): IntegrityFailure | undefined;
}

/** A version that is about to become current. */
export interface Candidate {
  line: string;
  version: string;
  /** Whether it is not current yet. */
  isNew: boolean;
  /** The versions that were current before, the last one first. */
  former: readonly string[];
  /** Those of them that are kept. */
  previous: readonly string[];
  /** Whether all other releases are deleted at once. */
  evictNow: boolean;
}

/** What is known of releases that were staged, beyond what their caches hold. */
export interface StagedReleases {
  /** Finds an asset that is kept elsewhere than in the release's cache. */
  find(pin: Pin): Promise<Response | undefined>;
  /**
   * Returns the response to store as this asset, whose body fails if its bytes are not those of the manifest.
   *
   * @returns why it must not be stored; `undefined` for an asset that no manifest lists.
   */
  checked(pin: Pin, response: Response): Promise<Checked | StoreFailure | undefined>;
  /**
   * Returns the staged releases that a switch makes needless.
   *
   * @throws Error where the version was staged and is incomplete.
   */
  supersededBy(candidate: Candidate): Promise<{line: string; version: string}[]>;
  /** Deletes what is kept elsewhere of a line, except of some versions. */
  evict(line: string, kept: readonly string[]): Promise<void>;
  /** The records have changed. */
  forget(): void;
}

/** Caches of before, whose entries are moved into releases. */
export interface AdoptedCaches {
  /** Returns an asset that one of them has had. */
  find(pin: Pin): Promise<Response | undefined>;
}

/** A plugin of a release's route. */
interface ScopedPlugin {
  holdfast?: string;
  scope?: Scope;
}

/** Tells releases apart, where the names of their caches may be the same. */
export const releaseId = ({line, version}: {line: string; version: string}): string =>
  JSON.stringify([line, version]);

/** What a worker keeps in memory of releases. */
export class Releases {
  readonly worker: WorkerState;
  readonly evictions = new Evictions(() => this.forget());
  readonly currentVersions = new CurrentVersions(this.evictions);
  readonly clientUses = new ClientUses();
  readonly inFlight: InFlight;
  readonly pendingPuts = new PendingPuts();
  readonly locks = new Locks();
  /** The releases whose caches are known to be recorded. */
  readonly recorded = new Set<string>();
  /** Set by `staging()`. */
  staged: StagedReleases | undefined;
  /** Set by `adoption()`. */
  adopted: AdoptedCaches | undefined;
  /**
   * Whether nothing more is stored. A worker that was unregistered serves the pages that it controls until they are gone,
   * and must not fill again what was dropped. The worker of a new registration begins anew.
   */
  isTurnedOff = false;

  constructor(worker: WorkerState) {
    this.worker = worker;
    this.inFlight = worker.part(InFlight);
  }

  /** The scopes of all routes: what messages may name, and evictions touch. */
  get scopes(): readonly Scope[] {
    return (this.worker.plugins as readonly ScopedPlugin[]).flatMap(({holdfast, scope}) =>
      holdfast === 'versionScope' && scope ? scope : [],
    );
  }

  /** Records that a release has a cache. Storage that cannot be written does not keep it from that. */
  async record(pin: Pin): Promise<void> {
    const {line, version, cacheName} = pin;
    if (this.isRecorded(pin)) {
      return;
    }
    // However long that takes: once the cache is opened, it is there, and would count as another library's.
    const isThere = await caches.has(cacheName).catch(() => undefined);
    const record = async (): Promise<boolean> => {
      await changeRecords((change) => change.addCache(line, version, Boolean(isThere)));
      return true;
    };
    if (isThere !== undefined && (await inTime(record()))) {
      this.recorded.add(releaseId(pin));
    }
  }

  /** Tells whether a release's cache is known to be recorded. */
  isRecorded(pin: Pin): boolean {
    return this.recorded.has(releaseId(pin));
  }

  /** The records have changed: what is in memory is read anew. */
  forget(): void {
    this.recorded.clear();
    this.currentVersions.forget();
    if (this.staged) {
      this.staged.forget();
    }
  }

  /** Deletes what belongs to caches that were deleted. The next start does what fails here. */
  cleanUp(): void {
    for (const clean of this.worker.cleanups) {
      clean().catch(() => undefined);
    }
  }
}
