const DESTINATIONS = ['script', 'style', 'worker', 'sharedworker'];

const TYPES = /javascript|ecmascript|^text\/css/;

const folderOf = (url: string): string => new URL('.', url).href;

/**
 * Tells whether a response is a script or a style sheet that was redirected to another folder. Its relative imports are
 * beside the last URL, which a rebuilt response does not know, so such a response stays as it is.
 * https://html.spec.whatwg.org/#concept-script-base-url
 *
 * @param request as the page made it. One without a destination is judged by the type of its answer.
 */
export const isRedirectedCode = (
  {url, destination}: Pick<Request, 'url' | 'destination'>,
  response: Response,
): boolean =>
  response.redirected &&
  (destination
    ? DESTINATIONS.includes(destination)
    : TYPES.test(response.headers.get('content-type') ?? '')) &&
  folderOf(response.url) !== folderOf(url);
