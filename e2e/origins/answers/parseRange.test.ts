import {describe, expect, it} from 'vitest';
import {parseRange} from './parseRange.ts';

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', {start: 0, end: 1}],
    ['bytes=10-19', {start: 10, end: 20}],
    ['bytes=90-', {start: 90, end: 100}],
    ['bytes=90-1000', {start: 90, end: 100}],
    ['bytes=-10', {start: 90, end: 100}],
    ['bytes=-1000', {start: 0, end: 100}],
  ])('reads %s', (header, range) => {
    expect(parseRange(header, 100)).toEqual(range);
  });

  it.each(['bytes=100-', 'bytes=100-200', 'bytes=-0'])('cannot satisfy %s', (header) => {
    expect(parseRange(header, 100)).toBe('unsatisfiable');
  });

  it.each(['bytes=-', 'bytes=5-2', 'bytes=0-1,5-6', 'lines=0-1', 'bytes 0-1'])('ignores %s', (header) => {
    expect(parseRange(header, 100)).toBeUndefined();
  });
});
