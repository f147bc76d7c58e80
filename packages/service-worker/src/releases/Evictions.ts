import {
  type Change,
  type ChangesRecord,
  changeRecords,
  type Eviction,
  inTime,
  readChanges,
} from './records.ts';

const NONE: ChangesRecord = {count: 0, evictions: []};

/** What an eviction may concern. */
interface Pinned {
  line: string;
  version: string;
  /** The evictions that were known when the release was chosen: later ones may concern it. */
  evictionsSeen: number;
}

/**
 * The evictions of this worker's life: its own, and those of other workers of the origin (a waiting one, another
 * scope's), which it learns of from the records. There are few.
 */
export class Evictions {
  private readonly known: Eviction[] = [];
  /** The number of the last recorded change that this worker knows; `undefined` before it has looked. */
  private changeSeen: number | undefined;
  private readonly onChange: () => void;

  /** @param onChange is called when another worker has changed the records. */
  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  /** How many are known. */
  get count(): number {
    return this.known.length;
  }

  /** Notes an eviction in memory, before the first cache is deleted, so that nothing is put into one that is about to be. */
  note(eviction: Eviction): void {
    this.known.push(eviction);
  }

  /** Tells whether a release was evicted since it was chosen. */
  concern({line, version, evictionsSeen}: Pinned): boolean {
    return this.known
      .slice(evictionsSeen)
      .some(
        (eviction) =>
          (eviction.line || line) === line &&
          (eviction.version || version) === version &&
          !eviction.kept.includes(version),
      );
  }

  /** Looks whether another worker has changed the records. */
  async refresh(): Promise<void> {
    const record = await inTime(readChanges().then((found) => found || NONE));
    if (record) {
      this.learn(record);
    }
  }

  /** Changes the records, and counts that as this worker's own change. */
  async change(make: (change: Change) => void, eviction?: Eviction): Promise<void> {
    const before = await changeRecords((change) => {
      make(change);
      return change.count(eviction);
    });
    const record = before.result || NONE;
    this.learn(record);
    this.changeSeen = record.count + 1;
  }

  private learn({count, evictions}: ChangesRecord): void {
    const seen = this.changeSeen === undefined ? count : this.changeSeen;
    if (count > seen) {
      this.known.push(...evictions.filter(({change}) => change > seen));
      this.onChange();
    }
    this.changeSeen = Math.max(count, seen);
  }
}
