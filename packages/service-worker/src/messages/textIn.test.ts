import {expect, it} from 'vitest';
import {textIn} from './textIn.ts';

it('returns the text in a field', () => {
  expect(textIn({version: 'v1'}, 'version')).toBe('v1');
});

it.each([
  [undefined, 'undefined'],
  [null, 'null'],
  ['', '""'],
  [7, '7'],
  [true, 'true'],
  [['v1'], '["v1"]'],
  [{name: 'v1'}, '{"name":"v1"}'],
])('throws for %o', (value, got) => {
  expect(() => textIn({version: value}, 'version')).toThrow(
    new TypeError(`payload.version must be a non-empty string, but got ${got}.`),
  );
});
