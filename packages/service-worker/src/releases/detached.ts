/** A response with one of these has no body, not even an empty one. https://fetch.spec.whatwg.org/#null-body-status */
const NULL_BODY = [204, 205, 304];

/**
 * The same answer without its past.
 *
 * A response keeps the URL that it came from, also in a cache, and behind a redirect that is the signed one.
 * One that followed a redirect is refused for navigations, too. A response made anew has no URL list: the
 * page sees the URL that it asked for. https://fetch.spec.whatwg.org/#concept-response-url-list
 *
 * The body is handed over, not read. A response that cannot be made anew, as an opaque one, comes back as it is.
 */
export const detached = (response: Response): Response => {
  const {status, statusText, headers, body} = response;
  // The constructor takes no others: 0 is an opaque one, and a host may answer with 999.
  if (status < 200 || status > 599) {
    return response;
  }
  return new Response(NULL_BODY.includes(status) ? null : body, {status, statusText, headers});
};

/**
 * A detached response for the cache. Its key says all that tells assets apart, so `Vary` goes: on the Hub's
 * answers it would make a miss of every request with another `Accept`, and `Vary: *` cannot be stored at all.
 * https://w3c.github.io/ServiceWorker/#dom-cache-put
 */
export const forStorage = (response: Response): Response => {
  const copy = detached(response);
  if (copy !== response) {
    copy.headers.delete('vary');
  }
  return copy;
};
