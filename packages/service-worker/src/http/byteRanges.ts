/** A run of bytes of a file: from `start` up to `end`, without that one. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A request with more ranges is no honest one. https://www.rfc-editor.org/rfc/rfc9110#section-17.15 */
const MAX_RANGES = 32;

const SPECIFIER = /^(\d*)-(\d*)$/;

/**
 * Reads a `Range` header. https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 *
 * @param size of the file, in bytes.
 * @returns the ranges that the file has: none where it has nothing of what is asked for, which is answered with 416.
 *   `undefined` without a header, for a unit other than bytes, and for a malformed header: the whole file is the answer.
 */
export const byteRanges = (header: string | null, size: number): ByteRange[] | undefined => {
  const list = /^\s*bytes=(.*)$/i.exec(header || '');
  // Empty elements of a list are to be ignored. https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
  const texts = list
    ? String(list[1])
        .split(',')
        .filter((text) => text.trim())
    : [];
  if (texts.length === 0 || texts.length > MAX_RANGES) {
    return undefined;
  }
  const ranges: ByteRange[] = [];
  for (const text of texts) {
    const [, first = '', last = ''] = SPECIFIER.exec(text.trim()) || [];
    if (!(first || last) || (first && last && +last < +first)) {
      return undefined;
    }
    const start = first ? +first : Math.max(size - +last, 0);
    const end = first && last ? Math.min(+last + 1, size) : size;
    if (start < end) {
      ranges.push({start, end});
    }
  }
  return ranges;
};

/** The part of a file that a partial answer holds. */
export interface ContentRange extends ByteRange {
  /** Of the whole file, in bytes. */
  size: number;
}

/**
 * Reads a `Content-Range` header.
 *
 * @returns `undefined` where it is missing (it is not on the CORS safelist), leaves the size of the file open, or names
 *   bytes that a file of that size does not have.
 */
export const contentRange = (header: string | null): ContentRange | undefined => {
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/i.exec(header ?? '') ?? [];
  const range = {start: Number(first), end: Number(last) + 1, size: Number(size)};
  // False as well where one of them is missing.
  return range.start < range.end && range.end <= range.size ? range : undefined;
};
