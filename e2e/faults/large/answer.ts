import {createHash} from 'node:crypto';
import type {Range} from './actions.ts';

/** What a page got of a URL. */
export type Answer =
  | {
      status: number;
      contentType: string | null;
      contentRange: string | null;
      size: number;
      sha256: string;
      /** With several parts: a character for each byte. */
      text: string;
    }
  /** @property isBroken whether there was an answer, whose body failed. */
  | {error: string; isBroken: boolean};

/** Run in a page: fetches a URL completely. */
export const fetchIt = async ([url, range]: readonly [
  url: string,
  range: string | undefined,
]): Promise<Answer> => {
  let response: Response | undefined;
  try {
    response = await fetch(url, range === undefined ? {} : {headers: {range}});
    const bytes = new Uint8Array(await response.arrayBuffer());
    const contentType = response.headers.get('content-type');
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return {
      status: response.status,
      contentType,
      contentRange: response.headers.get('content-range'),
      size: bytes.byteLength,
      sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
      text: contentType?.startsWith('multipart/')
        ? Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
        : '',
    };
  } catch (error) {
    return {error: String(error), isBroken: response !== undefined};
  }
};

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Returns whether an answer is the file, or the requested parts. @param ranges none for the complete file. */
export const isOf = (answer: Answer, file: Buffer, ranges: readonly Range[]): boolean => {
  if ('error' in answer) {
    return false;
  }
  const {status, size, sha256, contentRange, contentType, text} = answer;
  const [range, ...more] = ranges;
  // The hosts send no multipart answers: a request for several parts may be answered with the file.
  if (!range || (more.length > 0 && status === 200)) {
    return status === 200 && size === file.byteLength && sha256 === sha256Of(file);
  }
  if (status !== 206) {
    return false;
  }
  if (more.length === 0) {
    const [first, last] = range;
    return (
      contentRange === `bytes ${first}-${last}/${file.byteLength}` &&
      sha256 === sha256Of(file.subarray(first, last + 1))
    );
  }
  const [, boundary = ''] = /^multipart\/byteranges; boundary=(.+)$/.exec(contentType ?? '') ?? [];
  const parts = ranges.map(
    ([first, last]) =>
      `\r\n--${boundary}\r\ncontent-type: x/y\r\ncontent-range: bytes ${first}-${last}/${file.byteLength}\r\n\r\n` +
      file.toString('latin1', first, last + 1),
  );
  return text === `${parts.join('')}\r\n--${boundary}--\r\n`;
};
