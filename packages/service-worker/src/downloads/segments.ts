/** A run of bytes of a file: from `start` up to `end`, without that one. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** How many of them begin at an offset or before it. They are in order. */
const countUpTo = (segments: readonly Segment[], offset: number): number => {
  let low = 0;
  let high = segments.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle] as Segment).start <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
};

/** Adds one, in its place. They do not overlap. */
export const insert = (segments: Segment[], segment: Segment): void => {
  segments.splice(countUpTo(segments, segment.start), 0, segment);
};

/** The segment that holds the byte at an offset. */
export const segmentAt = (segments: readonly Segment[], offset: number): Segment | undefined => {
  const before = segments[countUpTo(segments, offset) - 1];
  return before && offset < before.end ? before : undefined;
};

/** Where the next segment behind an offset begins; `Infinity` where none does. */
export const nextStart = (segments: readonly Segment[], offset: number): number =>
  segments[countUpTo(segments, offset)]?.start ?? Number.POSITIVE_INFINITY;

/** What segments leave out first of a run of bytes. */
export const firstGap = (segments: readonly Segment[], {start, end}: Segment): Segment | undefined => {
  let offset = start;
  for (let held = segmentAt(segments, offset); held; held = segmentAt(segments, offset)) {
    offset = held.end;
  }
  return offset < end ? {start: offset, end: Math.min(end, nextStart(segments, offset))} : undefined;
};

/** How many bytes they hold. */
export const bytesIn = (segments: readonly Segment[]): number =>
  segments.reduce((sum, {start, end}) => sum + end - start, 0);
