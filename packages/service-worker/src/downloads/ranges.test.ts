import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {ByteRange} from '../http/byteRanges.ts';
import {bytesIn, firstGap, insert, nextStart, rangeAt} from './ranges.ts';

const SIZE = 40;

/** The model: for each byte of a file the range that holds it. */
type Bytes = (ByteRange | undefined)[];

/** Ranges without overlaps, in any order, some of which touch. */
const disjoint = fc
  .tuple(fc.uniqueArray(fc.nat(SIZE), {minLength: 2}), fc.infiniteStream(fc.boolean()))
  .map(([bounds, isHeld]) => {
    const sorted = [...bounds].sort((a, b) => a - b);
    return sorted.slice(1).flatMap((end, index) => {
      const start = sorted[index] as number;
      return isHeld.next().value ? [{start, end}] : [];
    });
  })
  .chain((ranges) => fc.shuffledSubarray(ranges, {minLength: ranges.length}));

const modelOf = (ranges: readonly ByteRange[]): Bytes =>
  Array.from({length: SIZE}, (_, offset) => ranges.find(({start, end}) => start <= offset && offset < end));

const inserted = (ranges: readonly ByteRange[]): ByteRange[] => {
  const all: ByteRange[] = [];
  for (const range of ranges) {
    insert(all, range);
  }
  return all;
};

/** Checks a property of ranges that were inserted in any order, against the model. */
const holds = (property: (ranges: ByteRange[], model: Bytes, offset: number, end: number) => void): void =>
  fc.assert(
    fc.property(disjoint, fc.nat(SIZE - 1), fc.nat(SIZE), (ranges, offset, end) =>
      property(inserted(ranges), modelOf(ranges), offset, end),
    ),
    {numRuns: 500},
  );

describe('ranges that were inserted in any order', () => {
  it('are in order', () => {
    holds((ranges) => {
      expect(ranges).toEqual([...ranges].sort((a, b) => a.start - b.start));
    });
  });

  it('are found by each of their bytes, and by no other', () => {
    holds((ranges, model, offset) => {
      expect(rangeAt(ranges, offset)).toEqual(model[offset]);
    });
  });

  it('say where the next one begins', () => {
    holds((ranges, model, offset) => {
      const next = model.findIndex((one, at) => at > offset && one?.start === at);
      expect(nextStart(ranges, offset)).toBe(next < 0 ? Number.POSITIVE_INFINITY : next);
    });
  });

  it('say what they leave out first of another range', () => {
    holds((ranges, model, offset, end) => {
      const isGap = (at: number) => at < end && model[at] === undefined;
      let start = offset;
      while (start < end && !isGap(start)) {
        start += 1;
      }
      let gapEnd = start;
      while (isGap(gapEnd)) {
        gapEnd += 1;
      }
      expect(firstGap(ranges, {start: offset, end})).toEqual(
        start < gapEnd ? {start, end: gapEnd} : undefined,
      );
    });
  });

  it('count their bytes', () => {
    holds((ranges, model) => {
      expect(bytesIn(ranges)).toBe(model.filter(Boolean).length);
    });
  });
});

describe('an empty list', () => {
  it('holds nothing, and leaves out everything', () => {
    expect(rangeAt([], 0)).toBeUndefined();
    expect(nextStart([], 0)).toBe(Number.POSITIVE_INFINITY);
    expect(firstGap([], {start: 3, end: 9})).toEqual({start: 3, end: 9});
    expect(bytesIn([])).toBe(0);
  });
});
