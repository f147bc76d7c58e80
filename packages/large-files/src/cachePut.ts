import type {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';
import {makeRoom} from './makeRoom.ts';

/** Set by `VersionScopePlugin` on an event: `true`, or why it has not stored a response. Symbols: they share no code. */
const STORED = Symbol.for('holdfast.stored');

/** What browsers' storage rejects with: Chromium for an entry that is too large for a profile without a disk, too. */
const OF_STORAGE = ['QuotaExceededError', 'UnknownError'];

/**
 * What Workbox's own `cachePut` does, without the copies of the response that it makes for `cacheDidUpdate`: left unread,
 * they would keep the whole file in memory. That callback gets the response without its body.
 *
 * @returns why nothing was stored: `refused` by a plugin, `storage-failed`, a reason of `VersionScopePlugin`, or
 *   `body-failed` for bytes that a plugin has found wrong; `undefined` if it was.
 */
export const cachePut = async (
  handler: StrategyHandler,
  cacheName: string,
  request: Request,
  response: Response,
): Promise<string | undefined> => {
  const {event} = handler;
  const key = await handler.getCacheKey(request, 'write');
  let stored: Response | null | undefined = response;
  for (const callback of handler.iterateCallbacks('cacheWillUpdate')) {
    stored = (await callback({request, response: stored, event})) as Response | null | undefined;
    if (!stored) {
      const {[STORED]: outcome = 'refused'} = event as {[STORED]?: true | string};
      return outcome === true ? undefined : outcome;
    }
  }
  const {status, statusText, headers} = stored;
  const cache = await caches.open(cacheName);
  const oldResponse = handler.hasCallback('cacheDidUpdate') ? await cache.match(key) : undefined;
  try {
    await cache.put(key, stored);
  } catch (error) {
    await makeRoom(error);
    return OF_STORAGE.includes((error as Error).name) ? 'storage-failed' : 'body-failed';
  }
  const newResponse = new Response(null, {status, statusText, headers});
  await handler.runCallbacks('cacheDidUpdate', {cacheName, oldResponse, newResponse, request: key, event});
  return undefined;
};
