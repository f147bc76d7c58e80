import {linesBeingEvicted, setCurrentVersion, setEvicted} from './currentVersions.ts';
import {report} from './events.ts';
import {evictOthers} from './releaseCaches.ts';
import type {Scope} from './releaseOf.ts';
import {isLineOf} from './scopes.ts';
import {withSwitchLock} from './switchLock.ts';

const evict = async (scopes: readonly Scope[], line: string, version: string): Promise<string[]> => {
  const evicted = await evictOthers(scopes, line, version);
  await setEvicted(line, version);
  report({type: 'VERSION_SWITCHED', payload: {line, version, evicted}});
  return evicted;
};

/**
 * Makes a version the current one of its line and deletes the caches of the others.
 *
 * Writing the current version is the step at which the line is switched: a worker that dies before it has
 * changed nothing, and one that dies after it leaves the rest to {@link finishSwitches}.
 *
 * @returns the versions whose caches went.
 */
export const switchVersion = (scopes: readonly Scope[], line: string, version: string): Promise<string[]> =>
  withSwitchLock(async () => {
    await setCurrentVersion(line, version);
    return evict(scopes, line, version);
  });

/** Deletes what a worker that was killed in the middle of a switch has left. */
export const finishSwitches = (scopes: readonly Scope[]): Promise<void> =>
  withSwitchLock(async () => {
    for (const {line, version} of await linesBeingEvicted()) {
      if (isLineOf(scopes, line)) {
        await evict(scopes, line, version);
      }
    }
  });
