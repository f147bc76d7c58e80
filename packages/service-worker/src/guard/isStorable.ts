import type {Refusal} from '../messages/protocol.ts';
import type {RequestContext} from '../worker/RequestContext.ts';

/**
 * Returns why a response must not be stored as an asset, whatever room there is; `undefined` where it may be.
 *
 * @param request as the page made it.
 * @param context says which opaque responses a guard has allowed.
 */
export const refusalOf = (
  {method}: Pick<Request, 'method'>,
  response: Response,
  {allowedOpaque}: Pick<RequestContext, 'allowedOpaque'>,
): Refusal | undefined => {
  if (response.type === 'opaque') {
    return allowedOpaque.has(response) ? undefined : 'opaque';
  }
  if (response.status !== 200) {
    return 'status';
  }
  // A cache takes answers to GET alone. https://w3c.github.io/ServiceWorker/#cache-put
  return method === 'GET' ? undefined : 'method';
};

/**
 * Tells whether a response may be stored as an asset. Workbox asks only where no plugin has a `cacheWillUpdate`, so
 * whatever has one asks here: the one place that knows.
 *
 * @param request as the page made it.
 */
export const isStorable = (
  request: Pick<Request, 'method'>,
  response: Response,
  context: Pick<RequestContext, 'allowedOpaque'>,
): boolean => refusalOf(request, response, context) === undefined;
