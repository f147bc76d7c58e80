const CODE = ['script', 'style', 'worker', 'sharedworker'];

const folderOf = (url: string): string => new URL('.', url).href;

/**
 * Whether a response is a script or a style sheet that was redirected to another folder. What it imports by a
 * relative URL is there, and would be looked for beside the URL that was asked for if the response no longer
 * knew where it came from. https://html.spec.whatwg.org/#concept-script-base-url
 *
 * @param request as the page made it.
 */
export const isCodeFromElsewhere = (request: Request, response: Response): boolean =>
  response.redirected &&
  CODE.includes(request.destination) &&
  folderOf(response.url) !== folderOf(request.url);
