import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {createMatcher} from './createMatcher.ts';

it.each([
  ['*', ['a', 'a.b', '💾', 'a\nb'], ['a/b']],
  ['?', ['a', '💾'], ['ab', '/']],
  ['**', ['a', 'a/b/c'], []],
  ['**/*.onnx', ['a.onnx', 'b/a.onnx', 'c/b/a.onnx'], ['a.onnx/b', 'aonnx']],
  ['a/**', ['a/b', 'a/b/c'], ['a', 'ab', 'b/a/c']],
  ['a/**/b', ['a/b', 'a/c/b', 'a/c/d/b'], ['ab', 'a/cb']],
  ['a?c*.bin', ['abc.bin', 'abcd.bin'], ['ac.bin', 'a/c.bin', 'abc_bin']],
  ['(a|b)[c]{1}+^$\\.x', ['(a|b)[c]{1}+^$\\.x'], ['ac.x']],
  ['**/*.{onnx,json}', ['a.onnx', 'b/a.json'], ['a.txt']],
  ['model-q[48].onnx', ['model-q4.onnx', 'model-q8.onnx'], ['model-q16.onnx']],
  ['[id].js', ['[id].js'], ['[id]xjs']],
  ['model-q4-?.bin', ['model-q4-a.bin'], ['model-q4-.bin']],
  ['!a', ['!a'], ['b']],
  ['./a.bin', ['a.bin'], ['b/a.bin']],
])('%j matches %j, not %j', (glob, matching, others) => {
  const isMatch = createMatcher([glob]);
  expect(matching.filter((path) => !isMatch(path))).toEqual([]);
  expect(others.filter((path) => isMatch(path))).toEqual([]);
});

it('matches any of several globs, and any path without globs', () => {
  const paths = ['a', 'b', 'c'];
  expect(paths.filter(createMatcher(['a', 'c']))).toEqual(['a', 'c']);
  expect(paths.filter(createMatcher([]))).toEqual(paths);
});

describe('the documented patterns', () => {
  /** Matches a glob as documented, segment by segment. */
  const matches = ([segment, ...glob]: string[], [name, ...path]: string[]): boolean => {
    if (segment === '**') {
      return (
        matches(glob, name === undefined ? [] : [name, ...path]) ||
        (name !== undefined && matches(['**', ...glob], path))
      );
    }
    if (segment === undefined || name === undefined) {
      return segment === name;
    }
    return matchesName([...segment], [...name]) && matches(glob, path);
  };
  const matchesName = ([sign, ...glob]: string[], [char, ...name]: string[]): boolean => {
    if (sign === '*') {
      return (
        matchesName(glob, char === undefined ? [] : [char, ...name]) ||
        (char !== undefined && matchesName(['*', ...glob], name))
      );
    }
    if (sign === undefined || char === undefined) {
      return sign === char;
    }
    return (sign === '?' || sign === char) && matchesName(glob, name);
  };

  it('have their documented meaning for any names', () => {
    const char = fc.constantFrom(..."aab.-_~@%=,;'&# +é💾");
    const name = fc
      .array(char, {minLength: 1, maxLength: 4})
      .map((chars) => chars.join(''))
      .filter((text) => !text.startsWith('.'));
    const segment = fc
      .array(fc.oneof(char, fc.constantFrom('*', '?')), {minLength: 1, maxLength: 4})
      .map((signs) => signs.join(''))
      .filter((text) => !text.includes('**') && !/^\.{1,2}$/.test(text));
    const glob = fc.array(fc.oneof(segment, fc.constant('**')), {minLength: 1, maxLength: 4});
    const path = fc.array(name, {minLength: 1, maxLength: 4});
    fc.assert(
      fc.property(glob, path, (segments, names) => {
        // `a/**` needs a name below `a`.
        const wanted = segments.at(-1) === '**' ? [...segments, '*'] : segments;
        expect(createMatcher([segments.join('/')])(names.join('/'))).toBe(matches(wanted, names));
      }),
      {numRuns: 2000},
    );
  });
});
