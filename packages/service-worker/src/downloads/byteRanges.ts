import type {Segment} from './segments.ts';

/** As many ranges are answered at once. More are no use to anybody. https://www.rfc-editor.org/rfc/rfc9110#section-17.15 */
const MAX_RANGES = 32;

const SPECIFIER = /^(\d*)-(\d*)$/;

/** One range of a header, of which one end may be open. */
type Specifier = {first: number; last: number | undefined} | {suffix: number};

const parseSpecifier = (text: string): Specifier | undefined => {
  const [, first, last] = SPECIFIER.exec(text.trim()) ?? [];
  if (first) {
    const end = last ? Number(last) : undefined;
    return end !== undefined && end < Number(first) ? undefined : {first: Number(first), last: end};
  }
  return last ? {suffix: Number(last)} : undefined;
};

/**
 * The ranges that a request wants of a file.
 *
 * @returns those that the file has; none of them if it has none of what is wanted, which is answered with 416; and
 *   `undefined` for no header, for a unit other than bytes, and for one that is malformed: then the whole is answered.
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 */
export const byteRanges = (header: string | null, size: number): Segment[] | undefined => {
  const [, list] = /^bytes=(.*)$/i.exec(header?.trim() ?? '') ?? [];
  // Empty elements of a list are to be ignored. https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2
  const texts = list?.split(',').filter((text) => text.trim() !== '');
  if (!texts?.length || texts.length > MAX_RANGES) {
    return undefined;
  }
  const ranges: Segment[] = [];
  for (const text of texts) {
    const specifier = parseSpecifier(text);
    if (!specifier) {
      return undefined;
    }
    const start = 'suffix' in specifier ? Math.max(size - specifier.suffix, 0) : specifier.first;
    const end = 'suffix' in specifier ? size : Math.min((specifier.last ?? size) + 1, size);
    if (start < end) {
      ranges.push({start, end});
    }
  }
  return ranges;
};

/** What an answer to a range holds, and of how much. */
export interface ContentRange extends Segment {
  size: number;
}

/**
 * Reads a `Content-Range`.
 *
 * @returns `undefined` where it is missing (it is not on the CORS safelist), or does not tell the size of the whole.
 */
export const contentRange = (header: string | null): ContentRange | undefined => {
  const [, first, last, size] = /^bytes (\d+)-(\d+)\/(\d+)$/i.exec(header ?? '') ?? [];
  return size === undefined ? undefined : {start: Number(first), end: Number(last) + 1, size: Number(size)};
};
