import type {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';
import {makeRoom} from './makeRoom.ts';

/** Set by `VersionScopePlugin` on an event: `true`, or why it has not stored a response. Symbols: they share no code. */
const STORED = Symbol.for('holdfast.stored');

/**
 * Set on an event to the body of a file that is kept in another way than as an entry, and only has to be found right:
 * nobody refuses it for want of room, and where a plugin has put another body in its place, that is read, not stored.
 */
const KEPT_ELSEWHERE = Symbol.for('holdfast.kept-elsewhere');

/** What a put rejects with whose body breaks off. Storage that fails has many other names. */
const OF_BODY = /^(TypeError|AbortError|NetworkError)$/;

/** @returns what is to be stored; else why nothing is: `undefined` if a plugin has stored it by itself. */
const willUpdate = async (
  handler: StrategyHandler,
  request: Request,
  response: Response,
): Promise<Response | string | undefined> => {
  const event = Object.assign(handler.event, {[STORED]: undefined as true | string | undefined});
  let stored: Response | null | undefined = response;
  for (const callback of handler.iterateCallbacks('cacheWillUpdate')) {
    stored = (await callback({request, response: stored, event})) as Response | null | undefined;
    if (!stored) {
      const {[STORED]: outcome = 'refused'} = event;
      return outcome === true ? undefined : outcome;
    }
  }
  return stored;
};

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
  const stored = await willUpdate(handler, request, response);
  if (typeof stored !== 'object') {
    return stored;
  }
  const {status, statusText, headers} = stored;
  const cache = await caches.open(cacheName);
  const oldResponse = handler.hasCallback('cacheDidUpdate') ? await cache.match(key) : undefined;
  try {
    await cache.put(key, stored);
  } catch (error) {
    await makeRoom(error);
    return OF_BODY.test(String((error as Partial<Error>)?.name)) ? 'body-failed' : 'storage-failed';
  }
  const newResponse = new Response(null, {status, statusText, headers});
  await handler.runCallbacks('cacheDidUpdate', {cacheName, oldResponse, newResponse, request: key, event});
  return undefined;
};

/**
 * Has the plugins look through a response that is not to be stored.
 *
 * @returns why it would not have been, as {@link cachePut} does.
 */
export const lookThrough = async (
  handler: StrategyHandler,
  request: Request,
  response: Response,
): Promise<string | undefined> => {
  Object.assign(handler.event, {[KEPT_ELSEWHERE]: response.body});
  await handler.getCacheKey(request, 'write');
  const checked = await willUpdate(handler, request, response);
  if (typeof checked !== 'object') {
    return checked;
  }
  const isAsItWas = checked.body === response.body;
  return (isAsItWas ? undefined : checked.body?.pipeTo(new WritableStream()))?.then(
    () => undefined,
    () => 'body-failed',
  );
};
