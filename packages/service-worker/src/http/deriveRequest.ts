/** What may differ in a derived request. Everything else stays as the page asked for it. */
export interface RequestChanges extends Pick<RequestInit, 'cache' | 'credentials' | 'mode' | 'signal'> {
  /** Headers to set; `null` removes one. */
  headers?: Readonly<Record<string, string | null>> | undefined;
}

/**
 * Makes a request from another one, with some differences.
 *
 * The constructor drops the referrer and its policy from a request that is made with options, and turns a navigation
 * into an ordinary request, so both are given again. https://fetch.spec.whatwg.org/#dom-request
 */
export const deriveRequest = (request: Request, changes: RequestChanges): Request => {
  const {referrer, referrerPolicy} = request;
  const init = Object.assign({referrer, referrerPolicy}, changes, {headers: undefined});
  const derived = new Request(request, init);
  for (const [name, value] of Object.entries(changes.headers ?? {})) {
    if (value === null) {
      derived.headers.delete(name);
    } else {
      derived.headers.set(name, value);
    }
  }
  return derived;
};
