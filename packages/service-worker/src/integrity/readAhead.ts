import type {OnFailure} from './checkedBody.ts';
import type {Expected} from './expectations.ts';
import {failureOf} from './failureOf.ts';
import {letGo} from './letGo.ts';

const CODE = ['script', 'style', 'worker', 'sharedworker'];

/**
 * Whether a response is code that was redirected. What it imports by a relative URL is beside the last URL that it
 * came by, and a response that is made anew has none. https://html.spec.whatwg.org/#concept-script-base-url
 *
 * @param request as the page made it.
 */
export const keepsItsUrl = ({destination}: Request, {redirected}: Response): boolean =>
  redirected && CODE.includes(destination);

/**
 * The response itself, when a copy of it was read to the end and found right. Meanwhile its body is in memory, which
 * is for code only.
 *
 * @returns `undefined` where it is wrong.
 * @throws what the body breaks off with.
 */
export const readAhead = async (
  response: Response,
  expected: Expected,
  onFailure: OnFailure,
): Promise<Response | undefined> => {
  const failure = await failureOf(response.clone(), expected);
  if (!failure) {
    return response;
  }
  onFailure(failure);
  letGo(response);
  return undefined;
};
