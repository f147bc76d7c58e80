import {describe, expect, it} from 'vitest';
import {builtInTables} from './builtInTables.ts';
import {createRequestKey} from './createRequestKey.ts';
import type {StableKeyOptions} from './options.ts';
import {resolveRules} from './resolveRules.ts';

const requestKey = (options: StableKeyOptions) =>
  createRequestKey(resolveRules(options, builtInTables(options)));

describe('the key of a request', () => {
  const keyOf = requestKey({});
  const accept = 'application/vnd.xet-fileinfo+json, */*';
  const variant = 'holdfast-variant=application%2Fvnd.xet-fileinfo%2Bjson';
  const file = 'https://huggingface.co/org/m/resolve/main/a.onnx';
  const cached = 'https://huggingface.co/api/resolve-cache/models/org/m/0a/a.json';

  it.each([file, cached, 'https://huggingface.co/buckets/org/b/resolve/a.onnx'])(
    'is another one when the description of %s is requested',
    (url) => {
      const key = keyOf(`${url}?download=true`, accept);
      expect(key).toBe(`${url}?${variant}`);
      // It is its own key, whatever is accepted.
      expect([keyOf(key), keyOf(key, accept), keyOf(key, '*/*')]).toEqual([key, key, key]);
    },
  );

  it('depends on the media type in any case, and on no other type', () => {
    expect(keyOf(file, accept.toUpperCase())).toBe(`${file}?${variant}`);
    expect(keyOf(file, 'application/json, */*')).toBe(file);
  });

  it('depends on the media type only where a rule knows it', () => {
    expect(keyOf('https://assets.example.com/org/m/resolve/main/a.onnx', accept)).toBe(
      'https://assets.example.com/org/m/resolve/main/a.onnx',
    );
  });
});

it('applies a rule without a condition to no URL, since production workers do not check options', () => {
  const url = 'https://assets.example.com/model.onnx?v=3';
  for (const rule of [{drop: '.*'}, {hosts: '', path: '', drop: '.*'}]) {
    expect(requestKey({schemes: [rule]})(url)).toBe(url);
    expect(requestKey({providers: [{hosts: '', ...rule}]})(url)).toBe(url);
  }
});
