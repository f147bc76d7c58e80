import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {ManifestError} from './ManifestError.ts';
import {readManifest} from './readManifest.ts';

const BASE = 'https://a.example/v1/manifest.json?token=1';
const SHA = 'ab'.repeat(32);
const OTHER_SHA = 'cd'.repeat(32);
const model = {path: 'model.onnx', size: 3, sha256: SHA};

const write = (...assets: unknown[]): string => JSON.stringify({holdfast: 1, assets}, null, 2);

it('returns absolute URLs, sizes and digests, in the order of the text', () => {
  const text = write(
    {path: 'onnx/model.onnx', size: 61_234_567, sha256: SHA.toUpperCase()},
    {path: 'https://other.example/a.json', size: 0, sha256: OTHER_SHA},
  );
  expect(readManifest(text, BASE)).toEqual({
    assets: [
      {
        url: 'https://a.example/v1/onnx/model.onnx',
        size: 61_234_567,
        digest: {algorithm: 'sha256', hex: SHA},
      },
      {url: 'https://other.example/a.json', size: 0, digest: {algorithm: 'sha256', hex: OTHER_SHA}},
    ],
  });
});

it('lists a file once that has two equal entries', () => {
  expect(readManifest(write(model, {...model, path: './model.onnx'}), BASE).assets).toHaveLength(1);
});

it('ignores unknown fields', () => {
  expect(readManifest(write({...model, note: 'x'}), BASE)).toEqual(readManifest(write(model), BASE));
});

describe('refuses an invalid manifest with the line and the reason:', () => {
  it.each([
    ['', 'line 1: is not valid JSON at column 1.'],
    ['[]', 'line 1: must be an object, but is an array.'],
    ['{}', 'line 1, holdfast: must be 1, the number of this format, but is missing.'],
    ['{\n"holdfast": 2}', 'line 2, holdfast: must be 1, the number of this format, but is 2.'],
    ['{"holdfast": 1}', 'line 1, assets: must be an array, but is missing.'],
    [write(null), 'line 4, assets[0]: must be an object, but is null.'],
    [write(model, {size: 1}), 'line 9, assets[1].path: must be a non-empty string, but is missing.'],
    [
      write(model, {path: 'a', size: -1}),
      'line 11, assets[1].size: must be a whole number of bytes, but is -1.',
    ],
    [
      write(model, {path: 'a', size: '1'}),
      'line 11, assets[1].size: must be a whole number of bytes, but is a string of length 1',
    ],
    [write({path: 'a', size: 1}), 'line 4, assets[0].sha256: must be 64 hex digits, but is missing.'],
    [
      write({path: 'a', size: 1, sha256: 'xyz'}),
      'line 7, assets[0].sha256: must be 64 hex digits, but is a string of length 3',
    ],
    [write({...model, path: '../a'}), 'line 5, assets[0].path: must be the path of a file below the base.'],
    [write({...model, path: 'http://me:pw@a.b/'}), 'line 5, assets[0].path: must not have credentials.'],
    [write(model, {...model, sha256: OTHER_SHA}), 'line 9, assets[1]: is listed before with another digest.'],
    [write(model, {...model, size: 4}), 'line 9, assets[1]: is listed before with another size.'],
  ])('%j', (text, message) => {
    expect(() => readManifest(text, BASE)).toThrow(ManifestError);
    expect(() => readManifest(text, BASE)).toThrow(`Invalid manifest, ${message}`);
  });
});

it('throws a TypeError for a relative base', () => {
  expect(() => readManifest(write(model), 'v1/manifest.json')).toThrow(TypeError);
});

it('returns a valid manifest or throws a ManifestError, for any input', () => {
  const anything = fc.jsonValue();
  const path = fc.oneof(
    fc.constantFrom('a', './a', 'b/c', '../a', 'https://x.y/z', 'ftp://x.y/z'),
    fc.string(),
  );
  const entry = fc.record(
    {
      path: fc.oneof(path, anything),
      size: fc.oneof(fc.nat(2), anything),
      sha256: fc.constantFrom(SHA, OTHER_SHA, 'x'),
    },
    {requiredKeys: ['path', 'size']},
  );
  const manifest = fc.oneof(
    anything,
    fc.record({holdfast: fc.constantFrom(1, 1, 1, 2), assets: fc.array(fc.oneof(entry, entry, anything))}),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        manifest.map((value) => JSON.stringify(value)),
        fc.string(),
      ),
      (text) => {
        let assets: ReturnType<typeof readManifest>['assets'];
        try {
          ({assets} = readManifest(text, BASE));
        } catch (error) {
          expect(error).toBeInstanceOf(ManifestError);
          expect((error as ManifestError).line).toBeGreaterThan(0);
          return;
        }
        expect(new Set(assets.map(({url}) => url)).size).toBe(assets.length);
        for (const {url, size, digest} of assets) {
          expect(new URL(url).href).toBe(url);
          expect(size).toBeGreaterThanOrEqual(0);
          expect(digest?.hex).toMatch(/^[\da-f]{64}$/);
        }
      },
    ),
    {numRuns: 2000},
  );
});
