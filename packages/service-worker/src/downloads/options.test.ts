import {describe, expect, it} from 'vitest';
import {checkOptions, type ResumableCacheFirstOptions} from './options.ts';

const checking = (options: unknown) => () => checkOptions(options as ResumableCacheFirstOptions);

describe('options', () => {
  it.each([
    [{}],
    [{minBytes: undefined, pieceBytes: undefined}],
    [{minBytes: 0}],
    [{minBytes: 1}],
    [{minBytes: 2 ** 40, pieceBytes: 65_536}],
    [{pieceBytes: 8 * 1024 * 1024}],
    [{cacheName: 'models', plugins: [], fetchOptions: {}, matchOptions: {}}],
  ])('are accepted: %j', (options) => {
    expect(checking(options)).not.toThrow();
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, null])(
    'are refused when minBytes is no number of bytes: %j',
    (minBytes) => {
      expect(checking({minBytes})).toThrow(
        new TypeError(
          `ResumableCacheFirst: option 'minBytes' must be a number of bytes, but got ${minBytes}.`,
        ),
      );
    },
  );

  it.each([65_535, 0, -1, 65_536.5, Number.NaN, Number.POSITIVE_INFINITY, null])(
    'are refused when pieceBytes is no number of bytes, or a small one: %j',
    (pieceBytes) => {
      expect(checking({pieceBytes})).toThrow(
        new TypeError(
          `ResumableCacheFirst: option 'pieceBytes' must be 65536 bytes or more, but got ${pieceBytes}.`,
        ),
      );
    },
  );

  it('are refused when a size is a text', () => {
    expect(checking({minBytes: '16'})).toThrow(
      'ResumableCacheFirst: option \'minBytes\' must be a number of bytes, but got "16".',
    );
    expect(checking({pieceBytes: '65536'})).toThrow(
      'ResumableCacheFirst: option \'pieceBytes\' must be 65536 bytes or more, but got "65536".',
    );
  });

  it('are refused when one is unknown', () => {
    expect(checking({minbytes: 1})).toThrow(
      'ResumableCacheFirst: option \'minbytes\' must be one of cacheName, plugins, fetchOptions, matchOptions, minBytes, pieceBytes, html, but got "minbytes".',
    );
  });

  it.each([null, 7, []])('are refused when they are no object: %j', (options) => {
    expect(checking(options)).toThrow('ResumableCacheFirst: the options must be an object');
  });
});
