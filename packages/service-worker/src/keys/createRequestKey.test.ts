import {describe, expect, it} from 'vitest';
import {createRequestKey} from './createRequestKey.ts';

describe('the key of a request', () => {
  const keyOf = createRequestKey({});
  const accept = 'application/vnd.xet-fileinfo+json, */*';
  const variant = 'holdfast-variant=application%2Fvnd.xet-fileinfo%2Bjson';
  const file = 'https://huggingface.co/org/m/resolve/main/a.onnx';
  const cached = 'https://huggingface.co/api/resolve-cache/models/org/m/0a/a.json';

  it.each([file, cached, 'https://huggingface.co/buckets/org/b/resolve/a.onnx'])(
    'is another one when %s is asked for its description',
    (url) => {
      const key = keyOf(`${url}?download=true`, accept);
      expect(key).toBe(`${url}?${variant}`);
      // It survives everything that may see it again.
      expect([keyOf(key), keyOf(key, accept), keyOf(key, '*/*')]).toEqual([key, key, key]);
    },
  );

  it('follows the media type in any case, and no other', () => {
    expect(keyOf(file, accept.toUpperCase())).toBe(`${file}?${variant}`);
    expect(keyOf(file, 'application/json, */*')).toBe(file);
  });

  it('asks only where that media type means something', () => {
    expect(keyOf('https://assets.example.com/org/m/resolve/main/a.onnx', accept)).toBe(
      'https://assets.example.com/org/m/resolve/main/a.onnx',
    );
  });
});

it('lets a rule without a condition be about nothing, since options come unchecked to a production worker', () => {
  const url = 'https://assets.example.com/model.onnx?v=3';
  for (const rule of [{drop: '.*'}, {hosts: '', path: '', drop: '.*'}]) {
    expect(createRequestKey({schemes: [rule]})(url)).toBe(url);
    expect(createRequestKey({providers: [{hosts: '', ...rule}]})(url)).toBe(url);
  }
});
