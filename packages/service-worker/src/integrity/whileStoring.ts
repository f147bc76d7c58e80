import type {OnFailure} from './checkedBody.ts';
import {checkedResponse} from './checkedResponse.ts';
import type {Expected} from './expectations.ts';
import {keepsItsUrl, readAhead} from './readAhead.ts';

/**
 * A response to put into a cache, with the status 200. The put fails unless the bytes are right, leaves no entry, and
 * an older one in place. https://w3c.github.io/ServiceWorker/#cache-put
 *
 * @param request as the page made it.
 * @returns null where it is known already that they are wrong.
 */
export const whileStoring = async (
  request: Request,
  response: Response,
  expected: Expected,
  onFailure: OnFailure,
): Promise<Response | null> => {
  if (keepsItsUrl(request, response)) {
    // A body that breaks off fails its own put.
    const read = await readAhead(response, expected, onFailure).catch(() => response);
    return read ?? null;
  }
  return checkedResponse(response, expected, onFailure);
};
