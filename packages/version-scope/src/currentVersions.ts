import {createStore, delMany, entries, set} from 'idb-keyval';
import {eventChannel, type VersionScopeEvent} from './events.ts';

/** What is kept of a line. */
interface LineRecord {
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

const isLineRecord = (value: unknown): value is LineRecord =>
  typeof (value as LineRecord | undefined)?.current === 'string';

const readLines = async (): Promise<[string, LineRecord][]> =>
  (await entries<string, unknown>(store)).filter((entry): entry is [string, LineRecord] =>
    isLineRecord(entry[1]),
  );

/**
 * The current version of every line of the origin, as it stands in storage.
 *
 * @throws what IndexedDB throws where storage cannot be read.
 */
export const readCurrentVersions = async (): Promise<CurrentVersions> =>
  new Map((await readLines()).map(([line, {current}]) => [line, current]));

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
  await set(line, {current: version, evicting: true} satisfies LineRecord, store);
  snapshot = currentVersions().then((versions) => new Map(versions).set(line, version));
};

/** Notes that nothing is left of the line's other releases. */
export const setEvicted = (line: string, version: string): Promise<void> =>
  set(line, {current: version, evicting: false} satisfies LineRecord, store);

/** The lines whose other releases were still being deleted when their worker died. */
export const linesBeingEvicted = async (): Promise<{line: string; version: string}[]> =>
  (await readLines())
    .filter(([, {evicting}]) => evicting)
    .map(([line, {current}]) => ({line, version: current}));

/** Forgets the lines that are meant. */
export const forgetLines = async (isMeant: (line: string) => boolean): Promise<void> => {
  const lines = [...(await readCurrentVersions()).keys()].filter(isMeant);
  await delMany(lines, store);
  snapshot = undefined;
};
