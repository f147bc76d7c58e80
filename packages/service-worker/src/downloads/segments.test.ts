import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {bytesIn, firstGap, insert, nextStart, type Segment, segmentAt} from './segments.ts';

const SIZE = 40;

/** The model: for each byte of a file the segment that holds it. */
type Bytes = (Segment | undefined)[];

/** Segments that do not overlap, in any order, some of which touch. */
const disjoint = fc
  .tuple(fc.uniqueArray(fc.nat(SIZE), {minLength: 2}), fc.infiniteStream(fc.boolean()))
  .map(([bounds, isHeld]) => {
    const sorted = [...bounds].sort((a, b) => a - b);
    return sorted.slice(1).flatMap((end, index) => {
      const start = sorted[index] as number;
      return isHeld.next().value ? [{start, end}] : [];
    });
  })
  .chain((segments) => fc.shuffledSubarray(segments, {minLength: segments.length}));

const modelOf = (segments: readonly Segment[]): Bytes =>
  Array.from({length: SIZE}, (_, offset) => segments.find(({start, end}) => start <= offset && offset < end));

const inserted = (segments: readonly Segment[]): Segment[] => {
  const all: Segment[] = [];
  for (const segment of segments) {
    insert(all, segment);
  }
  return all;
};

/** Checks a property of segments that were put in in any order, against the model. */
const holds = (property: (segments: Segment[], model: Bytes, offset: number, end: number) => void): void =>
  fc.assert(
    fc.property(disjoint, fc.nat(SIZE - 1), fc.nat(SIZE), (segments, offset, end) =>
      property(inserted(segments), modelOf(segments), offset, end),
    ),
    {numRuns: 500},
  );

describe('segments that were put in in any order', () => {
  it('are in order', () => {
    holds((segments) => {
      expect(segments).toEqual([...segments].sort((a, b) => a.start - b.start));
    });
  });

  it('are found by any of their bytes, and by no other', () => {
    holds((segments, model, offset) => {
      expect(segmentAt(segments, offset)).toEqual(model[offset]);
    });
  });

  it('tell where the next one begins', () => {
    holds((segments, model, offset) => {
      const next = model.findIndex((one, at) => at > offset && one?.start === at);
      expect(nextStart(segments, offset)).toBe(next < 0 ? Number.POSITIVE_INFINITY : next);
    });
  });

  it('tell what they leave out first of a run of bytes', () => {
    holds((segments, model, offset, end) => {
      const isGap = (at: number) => at < end && model[at] === undefined;
      let start = offset;
      while (start < end && !isGap(start)) {
        start += 1;
      }
      let gapEnd = start;
      while (isGap(gapEnd)) {
        gapEnd += 1;
      }
      expect(firstGap(segments, {start: offset, end})).toEqual(
        start < gapEnd ? {start, end: gapEnd} : undefined,
      );
    });
  });

  it('tell how many bytes they hold', () => {
    holds((segments, model) => {
      expect(bytesIn(segments)).toBe(model.filter(Boolean).length);
    });
  });
});

describe('no segments', () => {
  it('hold nothing, and leave out everything', () => {
    expect(segmentAt([], 0)).toBeUndefined();
    expect(nextStart([], 0)).toBe(Number.POSITIVE_INFINITY);
    expect(firstGap([], {start: 3, end: 9})).toEqual({start: 3, end: 9});
    expect(bytesIn([])).toBe(0);
  });
});
