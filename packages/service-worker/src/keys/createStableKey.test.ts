import {describe, expect, it} from 'vitest';
import {createStableKey} from './createStableKey.ts';
import type {StableKeyOptions} from './options.ts';

/** Returns options as a configuration file gives them. */
const fromJson = (options: unknown): StableKeyOptions => JSON.parse(JSON.stringify(options));

describe('a custom scheme', () => {
  const keyOf = createStableKey(
    fromJson({schemes: [{all: 'my.sig=^v1- X-My-Key', drop: 'my-(?:date|user)', sorted: true}]}),
  );

  it('is recognized by its parameters on any host', () => {
    expect(keyOf('https://a.example.com/m?b=1&my.sig=v1-5ec1e7&my-date=2&x-my-key=k&a=1&my-other=3')).toBe(
      'https://a.example.com/m?a=1&b=1&my-other=3',
    );
  });

  it('needs all its parameters, with values that fit', () => {
    for (const query of ['my.sig=v2-x&x-my-key=k', 'my.sig=v1-x', 'my-sig=v1-x&x-my-key=k']) {
      expect(keyOf(`https://a.example.com/m?${query}&my-date=2`)).toBe(
        `https://a.example.com/m?${query}&my-date=2`,
      );
    }
  });

  it('is known besides the built-in ones', () => {
    expect(keyOf('https://hf.co/a/resolve/main/b?X-Amz-Signature=x')).toBe(
      'https://huggingface.co/a/resolve/main/b',
    );
  });

  it('can be a part of the path', () => {
    const keyOf = createStableKey(fromJson({schemes: [{path: '^/s/[a-f0-9]+(?=/)', to: ''}]}));
    expect(keyOf('https://a.example.com/s/5ec1e7/m.onnx')).toBe('https://a.example.com/m.onnx');
  });
});

describe('a custom provider', () => {
  it('comes first, so that a mirror of a known host takes one row', () => {
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

  it('can drop the whole query', () => {
    const keyOf = createStableKey(fromJson({providers: [{hosts: '.example.com localhost', drop: '.*'}]}));
    expect(keyOf('https://a.example.com/m?a&b=1')).toBe('https://a.example.com/m');
    expect(keyOf('http://localhost:8080/m?a')).toBe('http://localhost:8080/m');
    expect(keyOf('https://example.com/m?a')).toBe('https://example.com/m?a');
  });
});

it('needs no options', () => {
  expect(createStableKey()('https://hf.co/a')).toBe('https://huggingface.co/a');
  expect(createStableKey({})('https://hf.co/a')).toBe('https://huggingface.co/a');
});

it('refuses invalid options', () => {
  expect(() => createStableKey(fromJson({schemes: [{all: 'a', drops: 'b'}]}))).toThrow(
    "option 'schemes[0].drops' must be one of",
  );
});

it('knows only the built-in tables that are named', () => {
  const signed = 'https://a.example.com/m?Expires=1&Signature=5ec1e7&Key-Pair-Id=k';
  const keyOf = createStableKey({tables: ['huggingFace']});
  expect(keyOf('https://hf.co/org/m/resolve/main/a?download=true')).toBe(
    'https://huggingface.co/org/m/resolve/main/a',
  );
  expect(keyOf(signed)).toBe(signed);
  expect(createStableKey({tables: ['cloudFront']})(signed)).toBe('https://a.example.com/m');
  expect(createStableKey({tables: []})('https://hf.co/a')).toBe('https://hf.co/a');
});
