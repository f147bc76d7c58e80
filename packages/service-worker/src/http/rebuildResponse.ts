/** A response with one of these has no body, not even an empty one. https://fetch.spec.whatwg.org/#null-body-status */
const NULL_BODY = [204, 205, 304];

/** What a rebuilt response may have of its own. */
export interface Rebuilt {
  /** @default the body of the response, handed over unread */
  body?: BodyInit | null | undefined;
  /** @default those of the response */
  headers?: Headers | undefined;
}

/**
 * Makes the same answer without its URL.
 *
 * A response keeps the URL that it came from, also in a cache, and behind a redirect that is the signed one. A
 * response that followed a redirect is refused for navigations, too. A rebuilt one has no URL list: the page sees the
 * URL that it asked for. https://fetch.spec.whatwg.org/#concept-response-url-list
 *
 * @returns the response itself where it cannot be rebuilt: an opaque one, or one with a status out of range.
 */
export const rebuildResponse = (response: Response, {body, headers}: Rebuilt = {}): Response => {
  const {status, statusText} = response;
  // The constructor takes no others: 0 is an opaque one, and a host may answer with 999.
  if (status < 200 || status > 599) {
    return response;
  }
  const content = NULL_BODY.includes(status) ? null : body === undefined ? response.body : body;
  return new Response(content, {status, statusText, headers: headers ?? response.headers});
};
