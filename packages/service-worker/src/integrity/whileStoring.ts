import {isRedirectedCode} from '../http/isRedirectedCode.ts';
import {rebuildResponse} from '../http/rebuildResponse.ts';
import type {Expected} from '../messages/protocol.ts';
import {checkedBody, type OnFailure} from './checkedBody.ts';
import type {StreamingSha256} from './createHasher.ts';
import {readAhead} from './readAhead.ts';

/**
 * Returns a response to put into a cache, made of one with the status 200. The put fails unless the bytes are right, and
 * then leaves no entry, or the older one. https://w3c.github.io/ServiceWorker/#cache-put
 *
 * @param request as the page made it.
 * @returns null where the bytes are already known to be wrong.
 */
export const whileStoring = async (
  request: Request,
  response: Response,
  expected: Expected,
  streaming: StreamingSha256 | undefined,
  onFailure: OnFailure,
): Promise<Response | null> => {
  if (isRedirectedCode(request, response)) {
    // A body that breaks makes its own put fail.
    const read = await readAhead(response, expected, streaming, onFailure).catch(() => response);
    return read ?? null;
  }
  return rebuildResponse(response, {body: checkedBody(response, expected, streaming, onFailure)});
};
