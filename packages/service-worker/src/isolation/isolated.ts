import {EMBEDDER_POLICIES, type EmbedderPolicy} from './options.ts';

type Header = [name: string, value: string];

/** Destinations of what imports by relative URLs: scripts, style sheets, workers of either kind. */
const CODE = /script|style|worker/;

/** A response with one of these has no body, not even an empty one. https://fetch.spec.whatwg.org/#null-body-status */
const NULL_BODY = [204, 205, 304];

export const isOwn = ({url}: Request): boolean => new URL(url).origin === location.origin;

/**
 * The headers that an answer needs: by its origin, and whatever it is asked for as, because a file that is stored
 * as a script may be asked for as a worker next.
 *
 * - A document and the script of a worker are of the page's own origin whenever a service worker answers them, and
 *   bring their policy along. https://html.spec.whatwg.org/#check-a-global-object's-embedder-policy
 * - A file of another origin must allow to be embedded. What can be read does, whoever reads it: its host has said
 *   so with CORS. Files of the page's own origin need no such header, and `cross-origin` would let other sites have
 *   them in their processes. https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
 */
const neededBy = (request: Request, embedderPolicy: EmbedderPolicy): Header[] =>
  isOwn(request)
    ? [
        ['cross-origin-opener-policy', 'same-origin'],
        ['cross-origin-embedder-policy', embedderPolicy],
      ]
    : [['cross-origin-resource-policy', 'cross-origin']];

/**
 * The answer with the headers under which a page is isolated, and may use it when it is. One that has them, as a
 * stored one does, comes back as it is; else the body is handed over, not read.
 *
 * Left alone are opaque answers, which cannot be made anew, and code that was redirected: it imports what is beside
 * its last URL, which an answer made anew does not know. https://html.spec.whatwg.org/#concept-script-base-url
 *
 * @param request as the page made it.
 */
export const isolated = (request: Request, response: Response, embedderPolicy: EmbedderPolicy): Response => {
  const {status, statusText, body, redirected} = response;
  const missing = neededBy(request, embedderPolicy).filter(([name, value]) => {
    const there = response.headers.get(name);
    // What the host says stays. Only of the two embedder policies one may be ours, from before the option was changed.
    return there === null || (there !== value && EMBEDDER_POLICIES.includes(there as EmbedderPolicy));
  });
  if (
    missing.length === 0 ||
    // The constructor takes no others: 0 is an opaque one, and a host may answer with 999.
    status < 200 ||
    status > 599 ||
    (redirected && CODE.test(request.destination))
  ) {
    return response;
  }
  const headers = new Headers(response.headers);
  for (const [name, value] of missing) {
    headers.set(name, value);
  }
  return new Response(NULL_BODY.includes(status) ? null : body, {status, statusText, headers});
};
