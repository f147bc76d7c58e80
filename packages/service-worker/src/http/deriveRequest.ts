/** What may differ in a derived request. Everything else stays as the page asked for it. */
export interface RequestChanges
  extends Pick<RequestInit, 'cache' | 'credentials' | 'integrity' | 'mode' | 'signal'> {
  /** Headers to set; `null` removes one. */
  headers?: Readonly<Record<string, string | null>> | undefined;
  /** Options of a strategy for all its fetches. Their headers replace those of the request, as with `fetch()`. */
  fetchOptions?: RequestInit | undefined;
}

const FIELDS = ['credentials', 'integrity', 'mode', 'cache'] as const;

/**
 * Makes a request from another one, with some differences: the one place that does.
 *
 * A request that need not differ is returned itself, because no copy is equal to it. A copy loses its destination, and
 * the mode `navigate`. It would also lose its referrer and the policy for that, which are given again here.
 * https://fetch.spec.whatwg.org/#dom-request
 *
 * Without CORS, a copy also loses its range, so that a media element would get the whole file instead of a part. So a
 * signal or a cache mode is no reason to copy such a request, nor is a signal to copy a navigation: the browser aborts
 * both with the page. https://fetch.spec.whatwg.org/#privileged-no-cors-request-header-name
 */
export const deriveRequest = (request: Request, changes: RequestChanges): Request => {
  const {headers: own, mode, referrer, referrerPolicy} = request;
  const {fetchOptions, signal} = changes;
  const isPart = mode === 'no-cors' && own.has('range');
  const fields = FIELDS.filter((name) => changes[name] !== undefined && changes[name] !== request[name]);
  const headers = Object.entries(changes.headers ?? {}).filter(([name, value]) => own.get(name) !== value);
  const mustDiffer = fetchOptions || headers[0] || (isPart ? fields[0] && fields[0] !== 'cache' : fields[0]);
  if (!mustDiffer && (!signal || isPart || mode === 'navigate')) {
    return request;
  }
  const init: RequestInit = Object.assign({referrer, referrerPolicy}, fetchOptions, signal && {signal});
  for (const name of fields) {
    Object.assign(init, {[name]: changes[name]});
  }
  // The constructor would take the body from the original.
  const derived = new Request(request.clone(), init);
  for (const [name, value] of headers) {
    if (value === null) {
      derived.headers.delete(name);
    } else {
      derived.headers.set(name, value);
    }
  }
  return derived;
};
