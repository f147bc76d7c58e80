import {forgetLines} from './currentVersions.ts';
import {report} from './events.ts';
import {releaseCaches} from './releaseCaches.ts';
import type {Scope} from './releaseOf.ts';
import {isLineOf} from './scopes.ts';
import {withSwitchLock} from './switchLock.ts';

/**
 * Deletes every cache that belongs to one of the scopes, and forgets which versions of theirs were current.
 *
 * @returns the names of the caches that went.
 */
export const dropCaches = (scopes: readonly Scope[]): Promise<string[]> =>
  withSwitchLock(async () => {
    await forgetLines((line) => isLineOf(scopes, line));
    const dropped = (await releaseCaches(scopes)).map(({cacheName}) => cacheName);
    await Promise.all(dropped.map((cacheName) => caches.delete(cacheName)));
    report({type: 'CACHES_DROPPED', payload: {dropped}});
    return dropped;
  });
