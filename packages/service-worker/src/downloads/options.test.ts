import {describe, expect, it} from 'vitest';
import {checkOptions, type ResumableCacheFirstOptions} from './options.ts';

const checking = (options: Record<string, unknown>) => () =>
  checkOptions(options as ResumableCacheFirstOptions);

describe('options', () => {
  it.each([
    [{}],
    [{minBytes: undefined, pieceBytes: undefined}],
    [{minBytes: 0}],
    [{minBytes: 1}],
    [{minBytes: 2 ** 40, pieceBytes: 65_536}],
    [{pieceBytes: 8 * 1024 * 1024}],
  ])('are right: %j', (options) => {
    expect(checking(options)).not.toThrow();
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '16', null])(
    'are refused whose minBytes is no number of bytes: %j',
    (minBytes) => {
      expect(checking({minBytes})).toThrow(
        new TypeError(`ResumableCacheFirst: minBytes must be a number of bytes, but got ${minBytes}.`),
      );
    },
  );

  it.each([65_535, 0, -1, 65_536.5, Number.NaN, Number.POSITIVE_INFINITY, '65536', null])(
    'are refused whose pieceBytes would make a database of entries out of every file: %j',
    (pieceBytes) => {
      expect(checking({pieceBytes})).toThrow(
        new TypeError(`ResumableCacheFirst: pieceBytes must be 65536 bytes or more, but got ${pieceBytes}.`),
      );
    },
  );
});
