import {checkedBody, type OnFailure} from './checkedBody.ts';
import type {Expected} from './expectations.ts';
import {letGo} from './letGo.ts';
import {keepsItsUrl, readAhead} from './readAhead.ts';
import {withBody} from './withBody.ts';

/**
 * The response, made of what was read to the end.
 *
 * A Blob is the browser's to keep, and it writes a large one to the disk. It goes when nobody needs it any more, also
 * when the worker is killed. Nor do clones of a response that is made of one take memory: each reads it by itself.
 */
const held = async (response: Response, body: ReadableStream): Promise<Response> =>
  withBody(response, await new Response(body).blob());

/**
 * The same answer when its bytes were all there and right, else a network error: what the browser itself answers a
 * request with whose `integrity` does not match. A server's error is passed on, since it is not the asset.
 *
 * @param request as the page made it.
 */
export const beforeServing = async (
  request: Request,
  response: Response,
  expected: Expected,
  onFailure: OnFailure,
): Promise<Response> => {
  const isOpaque = response.type === 'opaque';
  if (!response.ok && !isOpaque) {
    return response;
  }
  if (response.status !== 200) {
    letGo(response);
    onFailure({reason: isOpaque ? 'opaque' : 'status', expected, got: {}});
    return Response.error();
  }
  const reading = keepsItsUrl(request, response)
    ? readAhead(response, expected, onFailure)
    : held(response, checkedBody(response, expected, onFailure));
  // A connection that breaks, and a page that leaves, are nothing to tell.
  return (await reading.catch(() => undefined)) ?? Response.error();
};
