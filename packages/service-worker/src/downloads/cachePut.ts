import type {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';
import {refusalToStore} from '../guard/isStorable.ts';
import {isStoreFailure, reportRefusal} from '../guard/reportRefusal.ts';
import {discardBody} from '../http/discardBody.ts';
import {withoutBody} from '../http/withoutBody.ts';
import type {StoreFailure} from '../messages/protocol.ts';
import type {RequestContext} from '../worker/RequestContext.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {NotStored} from './NotStored.ts';
import {putEntry} from './putEntry.ts';

/** One request that a strategy handles. */
export interface Handled {
  readonly handler: StrategyHandler;
  readonly request: Request;
  readonly context: RequestContext;
  readonly worker: WorkerState;
}

/** What becomes of a response. */
export type Outcome = 'stored' | StoreFailure;

/**
 * Returns the response that plugins have stored, or what became of it.
 *
 * @throws NotStored where a plugin throws.
 */
const willUpdate = async (
  {handler, request, context}: Handled,
  response: Response,
): Promise<Response | Outcome> => {
  const {event} = handler;
  let stored: Response | null | undefined = response;
  context.outcome = undefined;
  try {
    await handler.getCacheKey(request, 'write');
    for (const callback of handler.iterateCallbacks('cacheWillUpdate')) {
      stored = (await callback({request, response: stored, event})) as Response | null | undefined;
      if (!stored) {
        return context.outcome ?? 'refused';
      }
    }
  } catch (cause) {
    throw Object.assign(new NotStored('refused'), {cause});
  }
  return stored;
};

/** Says why a body could not be read to its end. */
const bodyFailure = ({context}: Handled, response: Response): StoreFailure =>
  context.integrityFailures.has(response) ? 'integrity-failed' : 'body-incomplete';

/**
 * Stores a response as Workbox's own `cachePut` does, without the copies of it that Workbox makes for `cacheDidUpdate`:
 * left unread, they would keep the whole file in memory. That callback gets the response without its body.
 *
 * @throws NotStored where a plugin throws, and what storage fails with before the put.
 */
export const cachePut = async (handled: Handled, response: Response, cacheName: string): Promise<Outcome> => {
  const {handler, request, context, worker} = handled;
  const {event} = handler;
  const stored = await willUpdate(handled, response);
  if (typeof stored === 'string') {
    return stored;
  }
  // A plugin that decides replaces the check of the strategy.
  const key = await handler.getCacheKey(request, 'write');
  const refusal = handler.hasCallback('cacheWillUpdate')
    ? undefined
    : await refusalToStore(request, stored, context);
  if (refusal) {
    if (!isStoreFailure(refusal)) {
      discardBody(stored);
      return 'refused';
    }
    reportRefusal(worker, event, key.url, stored, refusal);
    return refusal;
  }
  const cache = await caches.open(cacheName);
  const hasUpdate = handler.hasCallback('cacheDidUpdate');
  const oldResponse = hasUpdate ? await cache.match(key) : undefined;
  const reason = await putEntry(handled, cacheName, key, stored, async () => cache);
  if (reason) {
    return reason;
  }
  if (hasUpdate) {
    const newResponse = withoutBody(stored);
    await handler.runCallbacks('cacheDidUpdate', {cacheName, oldResponse, newResponse, request: key, event});
  }
  return 'stored';
};

/**
 * Has the plugins check a file that stays in pieces.
 *
 * @throws NotStored where a plugin throws.
 */
export const check = async (handled: Handled, response: Response): Promise<Outcome> => {
  const {context} = handled;
  const {body} = response;
  context.keptInPieces = body;
  try {
    const checked = await willUpdate(handled, response);
    if (typeof checked === 'string') {
      return checked;
    }
    // Where the body is the same one, no plugin checks it.
    const reading = checked.body !== body && checked.body?.pipeTo(new WritableStream());
    return await Promise.resolve(reading).then(
      () => 'stored' as const,
      () => bodyFailure(handled, checked),
    );
  } finally {
    context.keptInPieces = undefined;
  }
};
