import {expect, it} from 'vitest';
import {globToRegExp} from './globToRegExp.ts';

it.each([
  ['*', ['a', 'a.b', '💾', 'a\nb'], ['a/b']],
  ['?', ['a', '💾'], ['ab', '/']],
  ['**', ['a', 'a/b/c'], []],
  ['**/*.onnx', ['a.onnx', 'b/a.onnx', 'c/b/a.onnx'], ['a.onnx/b', 'aonnx']],
  ['a/**', ['a/b', 'a/b/c'], ['a', 'ab', 'b/a/c']],
  ['a/**/b', ['a/b', 'a/c/b', 'a/c/d/b'], ['ab', 'a/cb']],
  ['a?c*.bin', ['abc.bin', 'abcd.bin'], ['ac.bin', 'a/c.bin', 'abc_bin']],
  ['(a|b)[c]{1}+^$\\.x', ['(a|b)[c]{1}+^$\\.x'], ['ac.x']],
])('%j fits %j, not %j', (glob, fitting, others) => {
  const pattern = globToRegExp(glob);
  expect(fitting.filter((path) => !pattern.test(path))).toEqual([]);
  expect(others.filter((path) => pattern.test(path))).toEqual([]);
});
