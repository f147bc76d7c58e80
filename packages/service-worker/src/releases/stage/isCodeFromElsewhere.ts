const CODE = /javascript|ecmascript|^text\/css/;

const folderOf = (url: string): string => new URL('.', url).href;

/**
 * Whether a response is a script or a style sheet that was redirected to another folder. What it imports by a relative
 * URL is there, and would be looked for beside the URL that it is stored under.
 * https://html.spec.whatwg.org/#concept-script-base-url
 */
export const isCodeFromElsewhere = (url: string, response: Response): boolean =>
  response.redirected &&
  CODE.test(response.headers.get('content-type') ?? '') &&
  folderOf(response.url) !== folderOf(url);
