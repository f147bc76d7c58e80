import {credentialOf, hasDirective, isPrivate, isSignature} from '../http/credentials.ts';
import type {Refusal} from '../messages/protocol.ts';
import type {RequestContext} from '../worker/RequestContext.ts';
import {type Asked, mismatchOf} from './mismatchOf.ts';
import {mismatchOfBody} from './mismatchOfBody.ts';

/** A request as the page made it. */
export type PageRequest = Pick<Request, 'method'> & Partial<Pick<Request, 'credentials'>> & Asked;

/** What the plugins of a request know of it: which opaque responses a guard has allowed, and whether HTML is expected. */
type Known = Pick<RequestContext, 'allowedOpaque' | 'isHtml'>;

/**
 * Returns why a response must not be stored as an asset, as far as its headers tell, whatever room there is; `undefined`
 * where it may be.
 *
 * @param request as the page made it.
 */
export const refusalOf = (
  request: PageRequest,
  response: Response,
  {allowedOpaque, isHtml}: Known,
): Refusal | undefined => {
  if (response.type === 'opaque') {
    return allowedOpaque.has(response) ? undefined : 'opaque';
  }
  if (response.status !== 200) {
    return 'status';
  }
  // A cache takes answers to GET alone. https://w3c.github.io/ServiceWorker/#cache-put
  return request.method === 'GET' ? mismatchOf(request, response, isHtml) : 'method';
};

/**
 * Tells whether a response may be stored as an asset, as far as its headers tell.
 *
 * @param request as the page made it.
 */
export const isStorable = (request: PageRequest, response: Response, context: Known): boolean =>
  refusalOf(request, response, context) === undefined;

/**
 * Returns why a host, or the account that asks, does not let a response be stored, if so: the host forbids it, or nothing
 * tells whose it is.
 *
 * @param request as the page made it.
 */
export const forbidden = (
  request: PageRequest,
  response: Response,
  {account, ignoresNoStore}: Pick<RequestContext, 'account' | 'ignoresNoStore'>,
): 'no-store' | 'private' | undefined => {
  if (!ignoresNoStore && hasDirective(response, 'no-store')) {
    return 'no-store';
  }
  const credential = credentialOf(request);
  const isUnknown = credential ? isSignature(credential) : isPrivate(request, response);
  return isUnknown && !account ? 'private' : undefined;
};

/** Notes that a response is made of one that may be stored, so that the next plugin need not look again. */
export const admit = (context: Pick<RequestContext, 'admitted'>, response: Response): void => {
  context.admitted ??= new WeakSet();
  context.admitted.add(response);
};

/**
 * Returns why a response must not be stored as an asset. Workbox asks only where no plugin has a `cacheWillUpdate`, so
 * whatever has one asks here, before it changes the response: the one place that knows.
 *
 * @param request as the page made it.
 */
export const refusalToStore = async (
  request: PageRequest,
  response: Response,
  context: Known & Pick<RequestContext, 'account' | 'admitted' | 'ignoresNoStore' | 'keptInPieces'>,
): Promise<Refusal | undefined> => {
  if (context.admitted?.has(response)) {
    return undefined;
  }
  const refusal =
    refusalOf(request, response, context) ??
    forbidden(request, response, context) ??
    // The pieces of a large file are not empty.
    (context.keptInPieces ? undefined : await mismatchOfBody(request, response, context.isHtml));
  if (!refusal) {
    admit(context, response);
  }
  return refusal;
};
