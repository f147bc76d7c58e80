import {createStore, promisifyRequest} from 'idb-keyval';

/** What is known of a line once a version of it was made current. */
export interface LineRecord {
  line: string;
  current: string;
  /** The versions that were current before and are kept for a rollback, the last one first. */
  previous: readonly string[];
  /**
   * Something of the line has to go: a killed worker has not finished, or a page still uses it. A worker that
   * finds this at its start goes on.
   */
  evicting: boolean;
  /** Versions that are to go. They are known to be ours even where their caches are empty and tell nothing. */
  leaving: readonly string[];
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
  /** Where it is kept, if not in the cache. */
  file?: string | undefined;
}

/** A release that was staged. As long as it is known here, its cache is not deleted. */
export interface ReleaseRecord<Asset extends ReleaseAsset = ReleaseAsset> {
  line: string;
  version: string;
  /** Counts up over all releases: the higher, the later it was asked for. */
  order: number;
  /** Whether each of its assets was verified where it is kept. */
  isWhole: boolean;
  assets: readonly Asset[];
}

interface Records {
  line: LineRecord;
  use: UseRecord;
  release: ReleaseRecord;
}

type Kind = keyof Records;

const store = createStore('holdfast-version-scope', 'state');

/** All records of a kind, or those of a line. An array stands behind all texts in the order of keys. */
const range = (kind: Kind, line?: string): IDBKeyRange => {
  const start = line === undefined ? [kind] : [kind, line];
  return IDBKeyRange.bound(start, start.concat([[]] as never[]));
};

/** @throws what IndexedDB throws where storage cannot be read. */
export const readRecords = <Some extends Kind>(kind: Some, line?: string): Promise<Records[Some][]> =>
  store('readonly', (records) => promisifyRequest<Records[Some][]>(records.getAll(range(kind, line))));

/** One record, by what it is of: a line, a line's client, a line's version. */
export const readRecord = <Some extends Kind>(
  kind: Some,
  ...of: readonly string[]
): Promise<Records[Some] | undefined> =>
  store('readonly', (records) =>
    promisifyRequest<Records[Some] | undefined>(records.get([kind as string].concat(of))),
  );

/** One change of the state: all of it will outlive the worker, or nothing of it. */
export class Change {
  private readonly records: IDBObjectStore;

  constructor(records: IDBObjectStore) {
    this.records = records;
  }

  putLine(record: LineRecord): void {
    this.records.put(record, ['line', record.line]);
  }

  /**
   * Adds a version to what a client uses by now: since the request came in, the client may have moved over.
   *
   * @param isPin whether its URLs without a version stand for this one from now on. Nothing is noted if another version
   *   has become current in the meantime.
   */
  addUse(line: string, client: string, version: string, isPin: boolean): void {
    const ofClient = ['use', line, client];
    const current: IDBRequest<LineRecord | undefined> = this.records.get(['line', line]);
    const before: IDBRequest<UseRecord | undefined> = this.records.get(ofClient);
    before.onsuccess = () => {
      if (!isPin || current.result?.current === version) {
        const {used = [], pinned} = before.result ?? {};
        const record: UseRecord = {
          line,
          client,
          pinned: isPin ? version : pinned,
          used: [...new Set([...used, version])],
        };
        this.records.put(record, ofClient);
      }
    };
  }

  putRelease(record: ReleaseRecord): void {
    this.records.put(record, ['release', record.line, record.version]);
  }

  deleteUse(line: string, client: string): void {
    this.records.delete(['use', line, client]);
  }

  deleteUses(line: string): void {
    this.records.delete(range('use', line));
  }

  deleteRelease(line: string, version: string): void {
    this.records.delete(['release', line, version]);
  }

  /** Forgets all that is known of a line. */
  deleteLine(line: string): void {
    this.records.delete(['line', line]);
    this.records.delete(range('use', line));
    this.records.delete(range('release', line));
  }
}

/** Makes a change. Resolves when it will outlive the worker. */
export const changeState = (make: (change: Change) => void): Promise<void> =>
  store('readwrite', (records) => {
    make(new Change(records));
    return promisifyRequest(records.transaction);
  });
