import {type AnswerSeveral, answerRanges, type Readable, rangesOf} from './answerRanges.ts';

/** Larger than any file: which ranges a header names does not depend on the size, only what the file has of them. */
const ANY_SIZE = Number.MAX_SAFE_INTEGER;

/**
 * Answers a request from a stored response. A range is answered as a network would; everything else with the response
 * itself, whose body is then neither read nor copied.
 */
export const answerFromStored = async (
  request: Request,
  response: Response,
  answerSeveral?: AnswerSeveral,
): Promise<Response> => {
  const {headers, status} = response;
  // Another plugin may have cut the range out already, and nobody may read an opaque response.
  if (!request.headers.has('range') || status !== 200) {
    return response;
  }
  const ranges = rangesOf(request, {size: ANY_SIZE, headers});
  if (!ranges || (ranges.length > 1 && !answerSeveral)) {
    return response;
  }
  // Asked for as a Blob, a stored body stays on the disk, and a slice of it is all that is read.
  const blob = await response.blob();
  const read: Readable['read'] = ({start, end}) => blob.slice(start, end);
  return answerRanges(request, {size: blob.size, headers, read}, answerSeveral);
};
