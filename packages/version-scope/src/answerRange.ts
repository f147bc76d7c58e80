import {createPartialResponse} from 'workbox-range-requests/createPartialResponse.js';

const SINGLE_RANGE = /^bytes=(?:\d+-\d*|-\d+)$/;

/**
 * What a stored response is for a request: the part that it asks for, or the whole. A server may answer any
 * range with the whole, so several ranges and ranges with a condition get that.
 * https://www.rfc-editor.org/rfc/rfc9110#section-14.2
 */
export const answerRange = (request: Request, response: Response): Response | Promise<Response> => {
  const isPart =
    response.status === 200 &&
    SINGLE_RANGE.test(request.headers.get('range') ?? '') &&
    !request.headers.has('if-range');
  return isPart ? createPartialResponse(request, response) : response;
};
