import {createStore, promisifyRequest} from 'idb-keyval';
import {eventChannel, type VersionScopeEvent} from './events.ts';

/** What is kept of a line, under its name. */
interface LineRecord {
  line: string;
  current: string;
  /**
   * Its other releases are being deleted. A worker that finds this at its start finishes what a killed one
   * began.
   */
  evicting: boolean;
}

/** Line → its current version. A new map replaces the old one at every change, so a reference is a snapshot. */
export type CurrentVersions = ReadonlyMap<string, string>;

const store = createStore('holdfast-version-scope', 'lines');

let snapshot: Promise<CurrentVersions> | undefined;

const readLines = async (): Promise<LineRecord[]> => {
  const records = await store('readonly', (lines) => promisifyRequest<Partial<LineRecord>[]>(lines.getAll()));
  // Another version of this package may keep other things.
  return records.filter(
    ({line, current}) => typeof line === 'string' && typeof current === 'string',
  ) as LineRecord[];
};

/** Resolves when the change will outlive the worker. */
const changeLines = (change: (lines: IDBObjectStore) => void): Promise<void> =>
  store('readwrite', (lines) => {
    change(lines);
    return promisifyRequest(lines.transaction);
  });

const writeLine = (record: LineRecord): Promise<void> =>
  changeLines((lines) => lines.put(record, record.line));

/**
 * The current version of every line of the origin, as it stands in storage.
 *
 * @throws what IndexedDB throws where storage cannot be read.
 */
export const readCurrentVersions = async (): Promise<CurrentVersions> =>
  new Map((await readLines()).map(({line, current}) => [line, current]));

let listening = false;

const listenToOtherWorkers = (): void => {
  listening = true;
  eventChannel().addEventListener('message', ({data}: MessageEvent<VersionScopeEvent>) => {
    if (data.type === 'VERSION_SWITCHED' || data.type === 'CACHES_DROPPED') {
      snapshot = undefined;
    }
  });
};

/**
 * The current version of every line, for requests: read once in a worker's life, and again when another worker
 * of the origin (a waiting one, say) has changed it. Storage that cannot be read counts as empty: requests
 * without a version then go to the network.
 */
export const currentVersions = (): Promise<CurrentVersions> => {
  if (!listening) {
    listenToOtherWorkers();
  }
  snapshot ??= readCurrentVersions().catch(() => {
    snapshot = undefined;
    return new Map();
  });
  return snapshot;
};

/** Makes a version current: the one step in which a line is switched. Resolves when it will outlive the worker. */
export const setCurrentVersion = async (line: string, version: string): Promise<void> => {
  await writeLine({line, current: version, evicting: true});
  snapshot = currentVersions().then((versions) => new Map(versions).set(line, version));
};

/** Notes that nothing is left of the line's other releases. */
export const setEvicted = (line: string, version: string): Promise<void> =>
  writeLine({line, current: version, evicting: false});

/** The lines whose other releases were still being deleted when their worker died. */
export const linesBeingEvicted = async (): Promise<{line: string; version: string}[]> =>
  (await readLines()).filter(({evicting}) => evicting).map(({line, current}) => ({line, version: current}));

/** Forgets the lines that are meant. */
export const forgetLines = async (isMeant: (line: string) => boolean): Promise<void> => {
  const meant = [...(await readCurrentVersions()).keys()].filter(isMeant);
  await changeLines((lines) => {
    for (const line of meant) {
      lines.delete(line);
    }
  });
  snapshot = undefined;
};
