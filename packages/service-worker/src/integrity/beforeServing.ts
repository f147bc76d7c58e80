import {discardBody} from '../http/discardBody.ts';
import {isRedirectedCode} from '../http/isRedirectedCode.ts';
import {rebuildResponse} from '../http/rebuildResponse.ts';
import type {Expected} from '../messages/protocol.ts';
import {checkedBody, type OnFailure} from './checkedBody.ts';
import type {StreamingSha256} from './createHasher.ts';
import {readAhead} from './readAhead.ts';

/**
 * Returns the response, made of what was read to the end.
 *
 * The browser owns a Blob, and writes a large one to the disk. It is deleted when it is unused, also after the worker
 * was killed. Clones of a response that is made of one take no memory: each reads the Blob by itself.
 */
const held = async (response: Response, body: ReadableStream): Promise<Response> =>
  rebuildResponse(response, {body: await new Response(body).blob()});

/**
 * Returns the same answer when its bytes are complete and right, else a network error: the browser itself does so when
 * the `integrity` of a request does not match. An error of the server is passed on, since it is not the asset.
 *
 * @param request as the page made it.
 */
export const beforeServing = async (
  request: Request,
  response: Response,
  expected: Expected,
  streaming: StreamingSha256 | undefined,
  onFailure: OnFailure,
): Promise<Response> => {
  const isOpaque = response.type === 'opaque';
  if (!response.ok && !isOpaque) {
    return response;
  }
  if (response.status !== 200) {
    discardBody(response);
    onFailure({reason: isOpaque ? 'opaque' : 'status', expected, got: {}});
    return Response.error();
  }
  const reading = isRedirectedCode(request, response)
    ? readAhead(response, expected, streaming, onFailure)
    : held(response, checkedBody(response, expected, streaming, onFailure));
  // A connection that breaks, and a page that leaves, are not reported.
  return (await reading.catch(() => undefined)) ?? Response.error();
};
