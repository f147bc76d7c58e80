import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {byteRanges, contentRange} from './byteRanges.ts';

const SIZE = 100;

/** As `[start, end]`. */
const rangesOf = (header: string | null, size = SIZE) =>
  byteRanges(header, size)?.map(({start, end}) => [start, end]);

describe('the ranges of a request', () => {
  it.each([
    ['bytes=0-0', [[0, 1]]],
    ['bytes=3-5', [[3, 6]]],
    ['bytes=90-', [[90, 100]]],
    ['bytes=0-', [[0, 100]]],
    ['bytes=-1', [[99, 100]]],
    ['bytes=-100', [[0, 100]]],
    ['bytes=99-99', [[99, 100]]],
  ])('%s are those bytes', (header, ranges) => {
    expect(rangesOf(header)).toEqual(ranges);
  });

  it.each([
    ['bytes=90-100', [[90, 100]]],
    ['bytes=90-99999999999999999999999', [[90, 100]]],
    ['bytes=-101', [[0, 100]]],
    ['bytes=-99999999999999999999999', [[0, 100]]],
  ])('%s end where the file ends', (header, ranges) => {
    expect(rangesOf(header)).toEqual(ranges);
  });

  it.each([
    ['bytes=0-1,4-5,-1', [[0, 2], [4, 6], [99, 100]]], // biome-ignore format: one range after the other
    ['bytes=4-5,0-1', [[4, 6], [0, 2]]], // biome-ignore format: one range after the other
    ['bytes=0-5,3-8', [[0, 6], [3, 9]]], // biome-ignore format: one range after the other
    ['bytes= 0-1 ,\t4-5 ', [[0, 2], [4, 6]]], // biome-ignore format: one range after the other
  ])('%s are several, in the order in which they are wanted', (header, ranges) => {
    expect(rangesOf(header)).toEqual(ranges);
  });

  it.each(['bytes=,3-5', 'bytes=3-5,', 'bytes=3-5,, ,'])(
    '%s has empty elements, which count nothing',
    (header) => {
      expect(rangesOf(header)).toEqual([[3, 6]]);
    },
  );

  it.each(['BYTES=3-5', 'Bytes=3-5', ' bytes=3-5 '])(
    '%s has a unit in any case, and spaces around',
    (header) => {
      expect(rangesOf(header)).toEqual([[3, 6]]);
    },
  );

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0', 'bytes=100-,200-300'])(
    '%s has the file none of',
    (header) => {
      expect(rangesOf(header)).toEqual([]);
    },
  );

  it('leave out those that the file does not have, where it has others', () => {
    expect(rangesOf('bytes=200-300,3-5,-0')).toEqual([[3, 6]]);
  });

  it('are none of an empty file', () => {
    expect(rangesOf('bytes=0-', 0)).toEqual([]);
    expect(rangesOf('bytes=-5', 0)).toEqual([]);
  });

  it.each([
    null,
    '',
    'bytes',
    'bytes=',
    'bytes= ',
    'bytes=,',
    'bytes=-',
    'bytes=5-3',
    'bytes=a-5',
    'bytes=3-b',
    'bytes=3',
    'bytes=3-5-7',
    'bytes=--5',
    'bytes=+3-5',
    'bytes=3.5-5',
    'bytes=0x3-5',
    'bytes=3 - 5',
    'bytes=3-5;6-7',
    'bytes 3-5',
    'bytes =3-5',
    'bytes=3-5 6-7',
    'items=3-5',
    'xbytes=3-5',
    '3-5',
  ])('are the whole for a header that is missing or malformed: %j', (header) => {
    expect(rangesOf(header)).toBeUndefined();
  });

  it('are the whole if one of several is malformed', () => {
    expect(rangesOf('bytes=0-1,5-3')).toBeUndefined();
    expect(rangesOf('bytes=0-1,x')).toBeUndefined();
  });

  it('are the whole if there are more of them than anybody needs', () => {
    const header = (count: number) => `bytes=${Array.from({length: count}, (_, at) => `${at}-${at}`).join()}`;
    expect(rangesOf(header(32))).toHaveLength(32);
    expect(rangesOf(header(33))).toBeUndefined();
  });

  it('never reach past the file, whatever the header says', () => {
    const number = fc.oneof(fc.nat(2 * SIZE).map(String), fc.constantFrom('', '007', '1e3', 'x', ' '));
    const specifiers = fc.array(fc.tuple(number, number).map((pair) => pair.join('-')));
    fc.assert(
      fc.property(specifiers, fc.nat(SIZE), (texts, size) => {
        for (const {start, end} of byteRanges(`bytes=${texts.join()}`, size) ?? []) {
          expect(0 <= start && start < end && end <= size).toBe(true);
        }
      }),
    );
  });
});

describe('what an answer holds', () => {
  it('is told by its Content-Range', () => {
    expect(contentRange('bytes 0-99/1000')).toEqual({start: 0, end: 100, size: 1000});
    expect(contentRange('Bytes 5-5/6')).toEqual({start: 5, end: 6, size: 6});
  });

  it('is told of a file of any size', () => {
    expect(contentRange('bytes 4294967296-5368709119/5368709120')).toEqual({
      start: 2 ** 32,
      end: 5 * 2 ** 30,
      size: 5 * 2 ** 30,
    });
  });

  it.each([
    null,
    '',
    'bytes 0-99/*',
    'bytes */1000',
    'bytes=0-99/1000',
    'items 0-99/1000',
    'bytes 0-99',
    'bytes 0-/1000',
    'bytes -99/1000',
    'bytes 0-99/1000, 200-299/1000',
  ])('is not known where it is missing, malformed, or does not tell the size: %j', (header) => {
    expect(contentRange(header)).toBeUndefined();
  });
});
