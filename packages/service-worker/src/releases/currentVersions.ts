import {eventChannel, type VersionScopeEvent} from './events.ts';
import {inTime} from './inTime.ts';
import {readRecords} from './state.ts';

/** Line → its current version. A new map replaces the old one at every change, so a reference is a snapshot. */
export type CurrentVersions = ReadonlyMap<string, string>;

let snapshot: Promise<CurrentVersions> | undefined;

/**
 * The current version of every line of the origin, as it stands in storage.
 *
 * @throws what IndexedDB throws where storage cannot be read.
 */
export const readCurrentVersions = async (): Promise<CurrentVersions> =>
  new Map((await readRecords('line')).map(({line, current}) => [line, current]));

let listening = false;

const listenToOtherWorkers = (): void => {
  listening = true;
  eventChannel().addEventListener('message', ({data}: MessageEvent<VersionScopeEvent>) => {
    if (data.type === 'VERSION_SWITCHED' || data.type === 'CACHES_DROPPED') {
      forgetSnapshot();
    }
  });
};

/**
 * The current version of every line, for requests: read once in a worker's life, and again when another worker
 * of the origin (a waiting one, say) has changed it. Storage that cannot be read, or does not answer, counts as empty: requests
 * without a version then go to the network.
 */
export const currentVersions = (): Promise<CurrentVersions> => {
  if (!listening) {
    listenToOtherWorkers();
  }
  snapshot ??= inTime(readCurrentVersions(), undefined).then((versions) => {
    if (!versions) {
      snapshot = undefined;
    }
    return versions ?? new Map();
  });
  return snapshot;
};

/** Counts what has changed since the worker started. */
let changes = 0;

export const changesSoFar = (): number => changes;

/** What is stored has changed. */
export const forgetSnapshot = (): void => {
  snapshot = undefined;
  changes += 1;
};
