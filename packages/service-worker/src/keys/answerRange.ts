const SINGLE_RANGE = /^bytes=\s*(\d*)-(\d*)\s*$/i;

/**
 * Answers a request for one range of bytes from a whole response, as a network would: 206 with the part, or 416.
 *
 * Everything else gets the response itself, which is a right answer too: a partial one, several ranges, a malformed
 * header, and `If-Range`, since a cache cannot tell which representation the condition means.
 * https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 */
export async function answerRange(request: Request, response: Response): Promise<Response> {
  const range = SINGLE_RANGE.exec(request.headers.get('range') ?? '');
  if (!range || response.status !== 200 || request.headers.has('if-range')) {
    return response;
  }
  const [, first = '', last = ''] = range;
  if (first ? last && +last < +first : !last) {
    return response;
  }

  const body = await response.blob();
  const start = first ? +first : Math.max(body.size - +last, 0);
  // A range may end behind the body: it then ends with it.
  const end = first && last ? Math.min(+last + 1, body.size) : body.size;
  const status = start < end ? 206 : 416;
  const part = body.slice(start, end);
  const headers = new Headers(response.headers);
  // The stored body is decoded, and the range counts its bytes.
  headers.delete('content-encoding');
  headers.set('content-length', `${part.size}`);
  headers.set('content-range', `bytes ${status === 206 ? `${start}-${end - 1}` : '*'}/${body.size}`);
  return new Response(part, {status, headers});
}
