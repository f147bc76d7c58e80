import {type ByteRange, byteRanges} from './byteRanges.ts';

/** A file that can be read from any offset. */
export interface Readable {
  /** In bytes. */
  readonly size: number;
  /** Those of an answer with the whole file. */
  readonly headers: Headers;
  read(range: ByteRange): BodyInit;
}

/** Answers a request for several ranges of a file. */
export type AnswerSeveral = (file: Readable, ranges: readonly ByteRange[]) => Response;

/**
 * Tells whether the ranges of a request are meant for this file, and not for another one that had the same URL. The tag
 * of an encoded body says nothing about the decoded one that a cache has.
 * https://www.rfc-editor.org/rfc/rfc9110#name-if-range
 */
const areMeant = (request: Request, {headers}: Pick<Readable, 'headers'>): boolean => {
  const condition = request.headers.get('if-range');
  return (
    condition === null ||
    (!headers.has('content-encoding') &&
      ((condition[0] === '"' && condition === headers.get('etag')) ||
        condition === headers.get('last-modified')))
  );
};

/** Returns the ranges that a request asks for; `undefined` for the whole file. */
export const rangesOf = (
  request: Request,
  file: Pick<Readable, 'size' | 'headers'>,
): ByteRange[] | undefined =>
  areMeant(request, file) ? byteRanges(request.headers.get('range'), file.size) : undefined;

/** The value of a `Content-Range` header. */
export const contentRangeOf = ({start, end}: ByteRange, size: number): string =>
  `bytes ${start}-${end - 1}/${size}`;

const wholeFile = ({size, headers, read}: Readable): Response => {
  const answer = new Response(read({start: 0, end: size}), {headers});
  answer.headers.set('accept-ranges', 'bytes');
  // The header may count the bytes of an encoding that the host hides.
  answer.headers.set('content-length', String(size));
  answer.headers.delete('content-encoding');
  return answer;
};

/**
 * Answers a request for a file: with the whole of it (200), a part (206), or the news that it has nothing of what is
 * asked for (416).
 *
 * @param answerSeveral answers a request for several ranges. Without it, the whole file is the answer, as RFC 9110
 *   allows.
 */
export const answerRanges = (
  request: Request,
  file: Readable,
  answerSeveral: AnswerSeveral = wholeFile,
): Response => {
  const {size} = file;
  const ranges = rangesOf(request, file);
  if (!ranges) {
    return wholeFile(file);
  }
  if (ranges.length > 1) {
    return answerSeveral(file, ranges);
  }
  const [range] = ranges;
  const headers = new Headers(file.headers);
  headers.set('accept-ranges', 'bytes');
  // What is read is decoded.
  headers.delete('content-encoding');
  headers.set('content-length', `${range ? range.end - range.start : 0}`);
  headers.set('content-range', range ? contentRangeOf(range, size) : `bytes */${size}`);
  return new Response(range ? file.read(range) : null, {status: range ? 206 : 416, headers});
};
