import {executeQuotaErrorCallbacks} from 'workbox-core/_private/executeQuotaErrorCallbacks.js';
import {logger} from 'workbox-core/_private/logger.js';
import {forStorage} from './detached.ts';
import {report, type StoreFailure} from './events.ts';
import {isEvicted} from './evictions.ts';
import {letGo} from './letGo.ts';
import type {Pin} from './pinned.ts';
import {asPutUnderWay, lineUnderWay} from './putsUnderWay.ts';
import {storeFailure} from './storeFailure.ts';
import {withSwitchLock} from './switchLock.ts';
import {isTurnedOff} from './turnedOff.ts';

/** Why nothing of the pinned release may be stored any more, if so: what has changed since it was pinned. */
export const outdated = (pin: Pin): StoreFailure | undefined => {
  if (isTurnedOff()) {
    return 'turned-off';
  }
  return isEvicted(pin) ? 'release-evicted' : undefined;
};

/** So begins the name of a cache with pieces of a large file, then comes where it belongs. They share no code. */
const PIECES = 'holdfast-large-files ';

/** Puts the response, and says what prevented it if anything did. */
const put = async (pin: Pin, response: Response): Promise<StoreFailure | undefined> => {
  const {key, cacheName} = pin;
  const cache = await caches.open(cacheName);
  const before = outdated(pin);
  if (before) {
    letGo(response);
    return before;
  }
  await cache.put(key, response);
  const after = outdated(pin);
  if (after) {
    await cache.delete(key);
    return after;
  }
  // What was put into a cache that was deleted meanwhile went with it.
  const isThere = await caches.match(key, {cacheName, ignoreVary: true});
  return isThere ? undefined : 'release-evicted';
};

/**
 * A put that fails leaves no entry (the Cache API sees to that). This leaves no empty cache either, unless a
 * file in pieces is to come into it: with that, the pieces would go.
 */
const deleteIfEmpty = (pin: Pin): Promise<void> =>
  withSwitchLock(async () => {
    const {cacheName} = pin;
    // To open one that has been evicted would make it anew.
    const keys = (await caches.has(cacheName)) ? await (await caches.open(cacheName)).keys() : undefined;
    const isAwaited =
      !outdated(pin) && (await caches.keys()).some((name) => name.startsWith(`${PIECES}${cacheName} `));
    // Asked last, so that nothing can begin between the question and the deletion.
    if (keys?.length === 0 && !isAwaited && lineUnderWay(cacheName) === undefined) {
      await caches.delete(cacheName);
    }
  });

/**
 * Stores a response under its key in the cache of the pinned release. Whatever fails is told as an event and
 * goes no further: the page has its own copy of the body.
 *
 * @returns what was stored, without its body; or why nothing was.
 */
export const store = async (pin: Pin, response: Response): Promise<Response | StoreFailure> => {
  const {key, cacheName} = pin;
  const stored = forStorage(response);
  const {status, statusText, headers} = stored;

  const reason = await asPutUnderWay(pin, () =>
    put(pin, stored).catch((error) => storeFailure(error, response)),
  );
  if (!reason) {
    report({type: 'ASSET_STORED', payload: {key, cacheName}});
    // Opaque responses have the status 0, which no response can be made with.
    return new Response(null, {status: status || 200, statusText, headers});
  }

  report({type: 'ASSET_NOT_STORED', payload: {key, cacheName, reason}});
  if (process.env.NODE_ENV !== 'production') {
    logger.warn(`'${key}' was not stored in '${cacheName}': ${reason}. The page got its bytes.`);
  }
  if (reason === 'quota-exceeded') {
    // As Workbox's own put would have done: plugins with `purgeOnQuotaError` wait for it.
    await executeQuotaErrorCallbacks().catch(() => undefined);
  }
  await deleteIfEmpty(pin);
  return reason;
};
