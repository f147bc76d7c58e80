import {describe, expect, it} from 'vitest';
import {createRequestKey, createStableKey} from './createStableKey.ts';
import type {StableKeyOptions} from './Rule.ts';

/** Options as they come out of a configuration file. */
const fromJson = (options: unknown): StableKeyOptions => JSON.parse(JSON.stringify(options));

describe('a scheme of one’s own', () => {
  const keyOf = createStableKey(
    fromJson({schemes: [{all: 'my.sig=^v1- X-My-Key', drop: 'my-(?:date|user)', sorted: true}]}),
  );

  it('is recognised by its parameters on any host', () => {
    expect(keyOf('https://a.example.com/m?b=1&my.sig=v1-5ec1e7&my-date=2&x-my-key=k&a=1&my-other=3')).toBe(
      'https://a.example.com/m?a=1&b=1&my-other=3',
    );
  });

  it('is not recognised by a value of another kind, nor by half of it', () => {
    for (const query of ['my.sig=v2-x&x-my-key=k', 'my.sig=v1-x', 'my-sig=v1-x&x-my-key=k']) {
      expect(keyOf(`https://a.example.com/m?${query}&my-date=2`)).toBe(
        `https://a.example.com/m?${query}&my-date=2`,
      );
    }
  });

  it('does not replace the built-in ones', () => {
    expect(keyOf('https://hf.co/a/resolve/main/b?X-Amz-Signature=x')).toBe(
      'https://huggingface.co/a/resolve/main/b',
    );
  });

  it('may stand in the path', () => {
    const keyOf = createStableKey(fromJson({schemes: [{path: '^/s/[a-f0-9]+(?=/)', to: ''}]}));
    expect(keyOf('https://a.example.com/s/5ec1e7/m.onnx')).toBe('https://a.example.com/m.onnx');
  });
});

describe('a provider of one’s own', () => {
  it('comes first, so a mirror of a known host needs one row', () => {
    const keyOf = createStableKey(
      fromJson({providers: [{hosts: 'mirror.example.com', path: '^/hub/', to: '/', host: 'huggingface.co'}]}),
    );
    expect(keyOf('https://mirror.example.com/hub/org/m/resolve/refs%2Fpr%2F1/a?download=true')).toBe(
      'https://huggingface.co/org/m/resolve/refs/pr/1/a',
    );
    expect(keyOf('https://mirror.example.com.evil.com/hub/a?download=true')).toContain(
      'evil.com/hub/a?download=true',
    );
  });

  it('may drop a whole query', () => {
    const keyOf = createStableKey(fromJson({providers: [{hosts: '.example.com localhost', drop: '.*'}]}));
    expect(keyOf('https://a.example.com/m?a&b=1')).toBe('https://a.example.com/m');
    expect(keyOf('http://localhost:8080/m?a')).toBe('http://localhost:8080/m');
    expect(keyOf('https://example.com/m?a')).toBe('https://example.com/m?a');
  });
});

it('takes no options at all', () => {
  expect(createStableKey()('https://hf.co/a')).toBe('https://huggingface.co/a');
  expect(createStableKey({})('https://hf.co/a')).toBe('https://huggingface.co/a');
});

it.each([
  [{scheme: []}, 'scheme cannot be []'],
  [{schemes: {all: 'a'}}, 'schemes cannot be {"all":"a"}'],
  [{providers: ['hf.co']}, 'providers[0] cannot be "hf.co"'],
  [{schemes: [{all: 'a'}, null]}, 'schemes[1] cannot be null'],
  [{schemes: [{all: 'a', drops: 'b'}]}, 'schemes[0].drops cannot be "b"'],
  [{schemes: [{all: ['a', 'b']}]}, 'schemes[0].all cannot be ["a","b"]'],
  [{schemes: [{all: 'a', sorted: 'yes'}]}, 'schemes[0].sorted cannot be "yes"'],
  [{schemes: [{drop: 'a'}]}, 'schemes[0].hosts cannot be undefined'],
  [{providers: [{path: '/a'}]}, 'providers[0].hosts cannot be undefined'],
  [{providers: [{hosts: 'https://hf.co'}]}, 'providers[0].hosts cannot be "https://hf.co"'],
  [{providers: [{hosts: 'hf.co', host: 'HF.co'}]}, 'providers[0].host cannot be "HF.co"'],
  [{providers: [{hosts: 'hf.co', to: ''}]}, 'providers[0].path cannot be undefined'],
  [{providers: [{hosts: 'hf.co', path: '('}]}, /^stable-key: providers\[0\] cannot be ".*\/\(\//],
  [{schemes: [{all: 'a=['}]}, /^stable-key: schemes\[0\] cannot be ".*\/\[\//],
  [{schemes: [{all: 'a', drop: '*'}]}, /^stable-key: schemes\[0\] cannot be ".*Nothing to repeat/],
])('refuses %j, and names the option and its value', (options, message) => {
  const create = (): unknown => createStableKey(options as StableKeyOptions);
  expect(create).toThrow(TypeError);
  expect(create).toThrow(typeof message === 'string' ? `stable-key: ${message}` : message);
});

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
