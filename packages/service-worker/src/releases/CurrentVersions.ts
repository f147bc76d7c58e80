import type {Evictions} from './Evictions.ts';
import {inTime, readRecords} from './records.ts';

/** Line → its current version. */
type Versions = ReadonlyMap<string, string>;

/** The current versions at one time. */
export interface Snapshot {
  versions: Versions;
  /** The number of changes until then. */
  changes: number;
}

/**
 * Reads the current version of every line of the origin.
 *
 * @throws what IndexedDB throws where storage cannot be read.
 */
export const readCurrentVersions = async (): Promise<Versions> =>
  new Map((await readRecords('line')).map(({line, current}) => [line, current]));

/** The current version of every line, as requests see it: read once in a worker's life, and again after a change. */
export class CurrentVersions {
  private snapshot: Promise<Snapshot> | undefined;
  /** The clients that have asked, each with the look that its first request waits for. */
  private readonly looks = new Map<string, Promise<void> | undefined>();
  private readonly evictions: Evictions;
  /** Counts the changes since the worker started. */
  changes = 0;

  constructor(evictions: Evictions) {
    this.evictions = evictions;
  }

  /**
   * Looks for a client's first request whether another worker has changed the records: a client that is new may be the
   * first to come since.
   *
   * @param client the id of the client that asks; empty for none.
   * @returns a promise for the end of the look; `undefined` where it is over.
   */
  look(client: string): Promise<void> | undefined {
    const isKnown = client === '' || this.looks.has(client);
    if (!isKnown || !(this.snapshot || this.looks.get(client))) {
      const look = this.evictions.refresh().then(() => {
        this.looks.set(client, undefined);
      });
      this.looks.set(client, look);
    }
    return this.looks.get(client);
  }

  /**
   * Returns the versions as this worker knows them. Storage that cannot be read, or does not answer, counts as empty:
   * requests without a version go to the network.
   */
  get(): Promise<Snapshot> {
    const {changes} = this;
    this.snapshot ||= inTime(readCurrentVersions()).then((versions) => {
      if (!versions) {
        this.snapshot = undefined;
      }
      return {versions: versions || new Map(), changes};
    });
    return this.snapshot;
  }

  /** The records have changed. */
  forget(): void {
    this.snapshot = undefined;
    this.changes += 1;
  }
}
