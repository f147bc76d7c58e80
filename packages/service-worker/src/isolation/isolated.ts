import {isRedirectedCode} from '../http/isRedirectedCode.ts';
import {rebuildResponse} from '../http/rebuildResponse.ts';
import {EMBEDDER_POLICIES, type EmbedderPolicy} from './options.ts';

type Header = [name: string, value: string];

export const isOwn = ({url}: Request): boolean => new URL(url).origin === location.origin;

/**
 * Returns the headers that an answer needs. They depend on its origin, and not on its destination, because a file that
 * is stored as a script may be requested as a worker next.
 *
 * - A document and the script of a worker are of the page's own origin whenever a service worker answers them, and
 *   bring their policy along. https://html.spec.whatwg.org/#check-a-global-object's-embedder-policy
 * - A file of another origin must allow pages to embed it. One that can be read does, because its host has allowed that
 *   with CORS. Files of the page's own origin need no such header, and `cross-origin` would let other sites load them
 *   into their processes. https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
 */
const neededBy = (request: Request, embedderPolicy: EmbedderPolicy): Header[] =>
  isOwn(request)
    ? [
        ['cross-origin-opener-policy', 'same-origin'],
        ['cross-origin-embedder-policy', embedderPolicy],
      ]
    : [['cross-origin-resource-policy', 'cross-origin']];

/**
 * Returns the answer with the headers that isolate a page, or that let an isolated page use it. An answer that has them,
 * as a stored one does, is returned unchanged. Else the body is handed over, not read.
 *
 * Opaque answers stay as they are, because they cannot be rebuilt, and so does redirected code.
 *
 * @param request as the page made it.
 */
export const isolated = (request: Request, response: Response, embedderPolicy: EmbedderPolicy): Response => {
  const missing = neededBy(request, embedderPolicy).filter(([name, value]) => {
    const present = response.headers.get(name);
    // What the host sends stays. Only an embedder policy may be our own, from before the option was changed.
    return present === null || (present !== value && EMBEDDER_POLICIES.includes(present as EmbedderPolicy));
  });
  if (missing.length === 0 || isRedirectedCode(request, response)) {
    return response;
  }
  const headers = new Headers(response.headers);
  for (const [name, value] of missing) {
    headers.set(name, value);
  }
  return rebuildResponse(response, {headers});
};
