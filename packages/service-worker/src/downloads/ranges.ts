import type {ByteRange} from '../http/byteRanges.ts';

// Lists of ranges of one file: in order, and without overlaps.

/** Adds a range in its place. */
export const insert = (ranges: ByteRange[], range: ByteRange): void => {
  ranges.push(range);
  ranges.sort((a, b) => a.start - b.start);
};

/** Returns the range that holds the byte at an offset. */
export const rangeAt = (ranges: readonly ByteRange[], offset: number): ByteRange | undefined =>
  ranges.find(({start, end}) => start <= offset && offset < end);

/** Returns where the next range behind an offset begins; `Infinity` where none does. */
export const nextStart = (ranges: readonly ByteRange[], offset: number): number =>
  ranges.find(({start}) => start > offset)?.start ?? Number.POSITIVE_INFINITY;

/** Returns what the ranges leave out first of another one. */
export const firstGap = (ranges: readonly ByteRange[], {start, end}: ByteRange): ByteRange | undefined => {
  let offset = start;
  for (let held = rangeAt(ranges, offset); held; held = rangeAt(ranges, offset)) {
    offset = held.end;
  }
  return offset < end ? {start: offset, end: Math.min(end, nextStart(ranges, offset))} : undefined;
};

/** Counts the bytes of ranges. */
export const bytesIn = (ranges: readonly ByteRange[]): number =>
  ranges.reduce((sum, {start, end}) => sum + end - start, 0);
