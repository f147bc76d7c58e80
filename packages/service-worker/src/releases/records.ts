import {createStore, promisifyRequest} from 'idb-keyval';
import {within} from '../timing/within.ts';

/** What is known of a line once a version of it was made current. */
export interface LineRecord {
  /** Its id, as in all records: see `releaseOf.ts`. */
  line: string;
  current: string;
  /** The versions that were current before and are kept for a rollback, the last one first. */
  previous: readonly string[];
  /** Whether caches may be left that the last switch is to delete. */
  evicting: boolean;
}

/** A release that has a cache, or is about to have one. Only caches of recorded releases are ever deleted. */
export interface CacheRecord {
  line: string;
  version: string;
  /** Whether a cache of that name was there before: it may be another library's. */
  wasThere?: boolean | undefined;
  /** When another client began to use it: milliseconds since 1970. A file of an older cache, for one, is moved unused. */
  usedAt?: number | undefined;
}

/** Which releases of a line a client (a page, a worker) uses. */
export interface UseRecord {
  line: string;
  client: string;
  /** What its URLs without a version stand for, once it has asked for one. */
  pinned: string | undefined;
  used: readonly string[];
}

/** An asset of a release that was staged. */
export interface ReleaseAsset {
  key: string;
  /** Its path in the origin private file system, if it is not in the cache. */
  file?: string | undefined;
}

/** A release that was staged. As long as there is a record of it, its cache is not deleted. */
export interface ReleaseRecord<Asset extends ReleaseAsset = ReleaseAsset> {
  line: string;
  version: string;
  /** Counts up over all releases: a higher one was asked for later. */
  order: number;
  /** Whether each of its assets was verified where it is stored. */
  isComplete: boolean;
  assets: readonly Asset[];
}

/** The releases of a line were deleted, all but some; those of all lines, if none is named. */
export interface Eviction {
  line?: string | undefined;
  kept: readonly string[];
  /** Where this one alone was deleted. */
  version?: string | undefined;
}

/** The changes that workers of the origin made to the records, so that each notices those of the others. */
export interface ChangesRecord {
  /** How many there were. */
  count: number;
  /** The last evictions, each with the number of its change. */
  evictions: readonly (Eviction & {change: number})[];
}

interface Records {
  line: LineRecord;
  cache: CacheRecord;
  use: UseRecord;
  release: ReleaseRecord;
}

type Kind = keyof Records;

const CHANGES = ['changes'];

/** Older ones concern no download that is still in progress. */
const EVICTIONS_KEPT = 50;

/** Databases are known not to answer at times, as at the start of a browser. Pages do not wait for them any longer. */
const ANSWERS_WITHIN_MS = 1000;

const store = createStore('holdfast', 'releases');

/** Resolves to what the database answers; to `undefined` where it fails, or takes too long. */
export const inTime = <Result>(answer: Promise<Result>): Promise<Result | undefined> =>
  within(answer, ANSWERS_WITHIN_MS, undefined);

/** All records of a kind, or those of a line. In the order of keys, an array stands behind all texts. */
const range = (kind: Kind, line?: string): IDBKeyRange => {
  const start = line === undefined ? [kind] : [kind, line];
  return IDBKeyRange.bound(start, start.concat([[]] as never[]));
};

/** The key of a record: its kind, its line, and which one of the line it is. */
const keyOf = (kind: Kind, {line, client, version}: {line: string; client?: string; version?: string}) =>
  [kind as string, line].concat(client || version || []);

// Where the browser has no IndexedDB, `store` throws before there is a promise: hence `async` in all of these.

/** @throws what IndexedDB throws where storage cannot be read. */
export const readRecords = async <Some extends Kind>(kind: Some, line?: string): Promise<Records[Some][]> =>
  store('readonly', (records) => promisifyRequest<Records[Some][]>(records.getAll(range(kind, line))));

/** Reads one record, by what it is about: a line, a line's client, a line's version. */
export const readRecord = async <Some extends Kind>(
  kind: Some,
  ...about: readonly string[]
): Promise<Records[Some] | undefined> =>
  store('readonly', (records) =>
    promisifyRequest<Records[Some] | undefined>(records.get([kind as string].concat(about))),
  );

export const readChanges = async (): Promise<ChangesRecord | undefined> =>
  store('readonly', (records) => promisifyRequest<ChangesRecord | undefined>(records.get(CHANGES)));

/** One change of the records: all of it outlives the worker, or nothing of it. */
export class Change {
  private readonly records: IDBObjectStore;

  constructor(records: IDBObjectStore) {
    this.records = records;
  }

  put<Some extends Kind>(kind: Some, record: Records[Some]): void {
    this.records.put(record, keyOf(kind, record));
  }

  /**
   * Records that a release has a cache.
   *
   * @param isThere whether there is a cache of that name by now. It is the release's own if that is recorded.
   */
  addCache(line: string, version: string, isThere: boolean): void {
    const uses: IDBRequest<UseRecord[]> = this.records.getAll(range('use', line));
    const before: IDBRequest<CacheRecord | undefined> = this.records.get(keyOf('cache', {line, version}));
    before.onsuccess = () => {
      const isUsed = uses.result.some(({used}) => used.includes(version));
      const usedAt = isUsed ? Date.now() : before.result?.usedAt;
      if (!isThere) {
        this.put('cache', {line, version, usedAt});
      } else if (!before.result) {
        this.put('cache', {line, version, usedAt, wasThere: true});
      }
    };
  }

  /** Deletes one record, by what it is about. Other fields of the object do not count. */
  delete(kind: Kind, about: {line: string; client?: string; version?: string}): void {
    this.records.delete(keyOf(kind, about));
  }

  /** Deletes all records of a kind that are about a line. */
  deleteAll(kind: Kind, line: string): void {
    this.records.delete(range(kind, line));
  }

  /** Deletes all that is known of a line. */
  deleteLine(line: string): void {
    this.delete('line', {line});
    this.deleteAll('use', line);
    this.deleteAll('cache', line);
    this.deleteAll('release', line);
  }

  /**
   * Adds a version to what a client uses by now: since the request came in, the client may have moved on.
   *
   * @param isPin whether its URLs without a version stand for this one from now on. Nothing is noted if another version
   *   has become current in the meantime.
   */
  addUse(line: string, client: string, version: string, isPin: boolean): void {
    const current: IDBRequest<LineRecord | undefined> = this.records.get(['line', line]);
    const before: IDBRequest<UseRecord | undefined> = this.records.get(['use', line, client]);
    const cache: IDBRequest<CacheRecord | undefined> = this.records.get(['cache', line, version]);
    cache.onsuccess = () => {
      if (cache.result) {
        this.put('cache', Object.assign(cache.result, {usedAt: Date.now()}));
      }
    };
    before.onsuccess = () => {
      if (!isPin || (current.result && current.result.current === version)) {
        const {used = [], pinned} = before.result || ({} as Partial<UseRecord>);
        const all = [...new Set(used.concat(version))];
        this.put('use', {line, client, pinned: isPin ? version : pinned, used: all});
      }
    };
  }

  /** Counts the change, so that other workers notice it. Returns the record as it was before. */
  count(eviction?: Eviction): IDBRequest<ChangesRecord | undefined> {
    const before: IDBRequest<ChangesRecord | undefined> = this.records.get(CHANGES);
    before.onsuccess = () => {
      const {count, evictions} = before.result || {count: 0, evictions: []};
      const change = count + 1;
      const more = eviction ? [Object.assign({change}, eviction)] : [];
      this.records.put(
        {count: change, evictions: evictions.concat(more).slice(-EVICTIONS_KEPT)} satisfies ChangesRecord,
        CHANGES,
      );
    };
    return before;
  }
}

/** Changes the records. Resolves, to what `make` returns, when the change will outlive the worker. */
export const changeRecords = async <Result>(make: (change: Change) => Result): Promise<Result> =>
  store('readwrite', async (records) => {
    const {transaction} = records;
    let result: Result;
    try {
      result = make(new Change(records));
    } catch (error) {
      // What was put before the error would be written otherwise.
      transaction.abort();
      throw error;
    }
    await promisifyRequest(transaction);
    return result;
  });
