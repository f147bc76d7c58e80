import {expect, it} from 'vitest';
import {withoutSecret} from './withoutSecret.ts';

it.each([
  'https://a.test/model.onnx',
  'https://a.test/model.onnx?v=1.2',
  'https://a.test/org/resolve/v1/a b.bin',
])('a key without a secret stays as it is: %s', async (key) => {
  expect(await withoutSecret(key)).toBe(key);
});

it.each([
  ['https://a.test/model.onnx?token=5ec1e7', 'https://a.test/model.onnx?'],
  ['https://me:5ec1e7@a.test/model.onnx', 'https://a.test/model.onnx?'],
  ['https://a.test/model.onnx?X-Amz-Signature=5ec1e75ec1e75ec1e7&X-Amz-Date=1', 'https://a.test/model.onnx?'],
])('a key with a secret loses it, and its name is no URL with a secret: %s', async (key, beginning) => {
  const name = await withoutSecret(key);
  expect(name.startsWith(beginning)).toBe(true);
  expect(name.slice(beginning.length)).toMatch(/^[\da-f]{12}$/);
  expect(name).not.toContain('5ec1e7');
  expect(await withoutSecret(name)).toBe(name);
});

it('two keys have two names', async () => {
  const names = await Promise.all(
    ['token=a', 'token=b', 'token=a&file=2'].map((query) => withoutSecret(`https://a.test/model?${query}`)),
  );
  expect(new Set(names).size).toBe(3);
});
