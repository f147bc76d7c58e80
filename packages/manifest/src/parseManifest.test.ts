import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {ManifestError} from './ManifestError.ts';
import {parseManifest} from './parseManifest.ts';
import {readManifest} from './readManifest.ts';

const URL_OF_MANIFEST = 'https://a.example/v1/manifest.json?token=1';
const SHA = 'ab'.repeat(32);
const OTHER_SHA = 'cd'.repeat(32);
const model = {path: 'model.onnx', size: 3, sha256: SHA};

const manifest = (...assets: unknown[]): unknown => ({holdfast: 1, assets});

it('returns absolute URLs, sizes and digests', () => {
  const json = manifest(
    {...model, sha256: SHA.toUpperCase()},
    {path: 'https://other.example/a.json', size: 0, sha256: OTHER_SHA},
    {...model, path: './model.onnx'},
  );
  expect(parseManifest(json, URL_OF_MANIFEST)).toEqual({
    assets: [
      {url: 'https://a.example/v1/model.onnx', size: 3, digest: {algorithm: 'sha256', hex: SHA}},
      {url: 'https://other.example/a.json', size: 0, digest: {algorithm: 'sha256', hex: OTHER_SHA}},
    ],
  });
});

describe('throws a TypeError that names the value:', () => {
  it.each([
    [undefined, 'holdfast'],
    [null, 'holdfast'],
    ['<!doctype html>', 'holdfast'],
    [[], 'holdfast'],
    [{holdfast: 2, assets: []}, 'holdfast'],
    [{holdfast: 1}, 'assets'],
    [{holdfast: 1, assets: {length: 0}}, 'assets'],
    [manifest(null), 'assets.0.path'],
    [manifest(model, {...model, path: undefined}), 'assets.1.path'],
    [manifest({...model, path: ['a']}), 'assets.0.path'],
    [manifest({...model, path: '../a'}), 'assets.0.path'],
    [manifest({...model, path: '..%2fa'}), 'assets.0.path'],
    [manifest({...model, path: 'https://me:pw@a.example/'}), 'assets.0.path'],
    [manifest({...model, path: 'a#b'}), 'assets.0.path'],
    [manifest({...model, path: 'data:,x'}), 'assets.0.path'],
    [manifest({...model, size: -1}), 'assets.0.size'],
    [manifest({...model, size: '3'}), 'assets.0.size'],
    [manifest({...model, sha256: 'ab'}), 'assets.0.sha256'],
    [manifest({...model, sha256: [SHA]}), 'assets.0.sha256'],
    [manifest(model, {...model, size: 4}), 'assets.1.size'],
    [manifest(model, {...model, sha256: OTHER_SHA}), 'assets.1.sha256'],
  ])('%j', (json, place) => {
    expect(() => parseManifest(json, URL_OF_MANIFEST)).toThrow(TypeError);
    expect(() => parseManifest(json, URL_OF_MANIFEST)).toThrow(
      `parseManifest: ${place} is missing or invalid. readManifest() says why.`,
    );
  });

  it.each(['', 'v1/manifest.json', 'data:,x', 'https://me:pw@a.example/'])('url %j', (url) => {
    expect(() => parseManifest(manifest(model), url)).toThrow(TypeError);
    expect(() => parseManifest(manifest(model), url)).toThrow('parseManifest: url is missing or invalid.');
  });
});

it('returns the same as readManifest, or both throw, for any input', () => {
  const part = fc.constantFrom(
    ...[
      'a',
      'b',
      '..',
      '.',
      '/',
      '//',
      '\\',
      '%2e',
      '%2F',
      '%5C',
      ':',
      '@',
      '#',
      '?',
      ' ',
      '\t',
      '\n',
      'é',
      '💾',
    ],
    ...['https:', 'http://', 'https://a.example/v1/', 'HTTPS://B.example', 'ftp://', 'me:pw@', '/v1/'],
  );
  const path = fc.array(part, {maxLength: 6}).map((parts) => parts.join(''));
  const anything = fc.jsonValue();
  const entry = fc.record({
    path: fc.oneof(
      {weight: 4, arbitrary: fc.constantFrom('a', './a', 'b/../a', 'A', 'https://a.example/v1/a', '/v1/b')},
      {weight: 4, arbitrary: path},
      fc.string(),
      anything,
    ),
    size: fc.oneof({weight: 9, arbitrary: fc.constant(1)}, fc.nat(1), anything),
    sha256: fc.oneof(
      {weight: 9, arbitrary: fc.constantFrom(SHA, SHA.toUpperCase())},
      fc.constant(OTHER_SHA),
      anything,
    ),
  });
  const json = fc.oneof(
    {weight: 1, arbitrary: anything},
    {
      weight: 20,
      arbitrary: fc.record({
        holdfast: fc.oneof({weight: 30, arbitrary: fc.constant(1)}, anything),
        assets: fc.oneof(
          {weight: 30, arbitrary: fc.array(entry, {maxLength: 4})},
          fc.array(anything),
          anything,
        ),
      }),
    },
  );
  const url = fc.oneof(
    {weight: 9, arbitrary: fc.constantFrom(URL_OF_MANIFEST, 'https://a.example/v1/', 'http://localhost:1')},
    path,
  );
  let accepted = 0;
  fc.assert(
    fc.property(json, url, (value, base) => {
      let expected: unknown;
      try {
        expected = readManifest(JSON.stringify(value), base);
      } catch (error) {
        const isOfManifest = error instanceof ManifestError;
        expect(isOfManifest || error instanceof TypeError).toBe(true);
        expect(() => parseManifest(JSON.parse(JSON.stringify(value)), base)).toThrow(
          isOfManifest ? /^parseManifest: (holdfast|assets)/ : 'parseManifest: url is',
        );
        return;
      }
      accepted += 1;
      expect(parseManifest(JSON.parse(JSON.stringify(value)), base)).toEqual(expected);
    }),
    {numRuns: 3000},
  );
  expect(accepted).toBeGreaterThan(100);
});
