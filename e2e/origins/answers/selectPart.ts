import type {Answer, Body, Question} from './Answer.ts';
import {bytesBody} from './bytesBody.ts';
import {type ByteRange, parseRange} from './parseRange.ts';

const withoutWeakMark = (etag: string): string => etag.trim().replace(/^W\//, '');

/** If-None-Match compares weakly: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2 */
const isUnchanged = (ifNoneMatch: string | undefined, etag: string | undefined): boolean =>
  ifNoneMatch !== undefined &&
  etag !== undefined &&
  ifNoneMatch
    .split(',')
    .some((each) => each.trim() === '*' || withoutWeakMark(each) === withoutWeakMark(etag));

/** If-Range compares strongly, so a weak tag never matches: https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5 */
const mayUseRange = (ifRange: string | undefined, etag: string | undefined): boolean =>
  ifRange === undefined || (ifRange === etag && !ifRange.startsWith('W/'));

const slice = (body: Body, {start, end}: ByteRange): Body => ({
  size: end - start,
  read: (from, to) => body.read(start + from, start + to),
});

/** Answers conditions and ranges from the complete file: 304, 206, 416, or the answer as it is. */
export const selectPart = ({headers: asked, method}: Question, answer: Answer): Answer => {
  const {body, headers, status} = answer;
  if (status !== 200) {
    return answer;
  }
  if (isUnchanged(asked['if-none-match'], headers.etag)) {
    return {...answer, status: 304, body: bytesBody('')};
  }
  const range =
    method === 'GET' &&
    asked.range &&
    headers['accept-ranges'] &&
    mayUseRange(asked['if-range'], headers.etag)
      ? parseRange(asked.range, body.size)
      : undefined;
  if (range === undefined) {
    return answer;
  }
  if (range === 'unsatisfiable') {
    return {
      ...answer,
      status: 416,
      headers: {...headers, 'content-range': `bytes */${body.size}`},
      body: bytesBody(''),
    };
  }
  return {
    ...answer,
    status: 206,
    headers: {...headers, 'content-range': `bytes ${range.start}-${range.end - 1}/${body.size}`},
    body: slice(body, range),
  };
};
