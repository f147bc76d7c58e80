import {describe, expect, it} from 'vitest';
import {glob} from './glob.ts';
import {only} from './only.ts';

describe('a glob', () => {
  it.each([
    ['https://example.org/models/*', 'https://example.org/models/a/b.onnx'],
    ['https://example.org/models/*', 'https://example.org/models/'],
    ['*.onnx', 'https://example.org/models/a.onnx'],
    ['https://*.example.org/*', 'https://cdn.eu.example.org/a'],
    ['https://example.org/v?/a.bin', 'https://example.org/v1/a.bin'],
    ['https://example.org/a.bin?v=1', 'https://example.org/a.bin?v=1'],
    ['https://example.org/a+(b)[c]{d}|e^f$', 'https://example.org/a+(b)[c]{d}|e^f$'],
    ['https://*/a/*/b/*.bin', 'https://example.org/a/a/b/b/b.bin/c.bin'],
    ['**/a**', 'https://example.org/a'],
    ['*a?c*d', 'https://example.org/aac/abcd'],
  ])('%s matches %s', (pattern, url) => {
    expect(glob(pattern).test(url)).toBe(true);
  });

  it.each([
    ['https://example.org/models/*', 'https://example.org/other/a.onnx'],
    ['*.onnx', 'https://example.org/a.onnx?download=true'],
    ['example.org/*', 'https://example.org/a'],
    ['https://example.org/v?/a.bin', 'https://example.org/v10/a.bin'],
    ['https://example.org/a', 'https://exampleXorg/a'],
    ['https://example.org/a+', 'https://example.org/aa'],
    ['https://*/a/*/b/*.bin', 'https://example.org/b/a.bin'],
    ['*a*a', 'https://example.org/'],
    ['*', `https://example.org/${'a'.repeat(8000)}`],
  ])('%s does not match %s', (pattern, url) => {
    expect(glob(pattern).test(url)).toBe(false);
  });
});

describe('a slow URL', () => {
  // A polynomial pattern would take minutes.
  it.each([
    ['*a*a*a*a*a*a*b', 'a'.repeat(7900)],
    ['https://example.org/*/resolve/*/onnx/*.onnx', `https://example.org/${'/resolve/a/onnx'.repeat(500)}`],
    ['*?a?*?a?*?a?*b', 'a'.repeat(7900)],
  ])('is compared with %s in linear time', (pattern, url) => {
    expect(glob(pattern).test(url)).toBe(false);
    expect(only(/^/, [pattern, /y$/]).test(url)).toBe(false);
  });
});

describe('a narrowed pattern', () => {
  const pattern = /^https:\/\/example\.org\/(?<version>\d+)\//;

  it.each([
    ['a glob', 'https://example.org/*/model.*', 'https://example.org/1/model.onnx', true],
    ['a glob', '*/model.*', 'https://example.org/1/tokenizer.json', false],
    ['a glob', '*', 'https://elsewhere.org/1/model.onnx', false],
    ['a RegExp', /\/model\./, 'https://example.org/1/model.onnx', true],
    ['a RegExp', /model$/, 'https://example.org/1/model.onnx', false],
    ['a list', ['*.json', /\.onnx$/], 'https://example.org/1/model.onnx', true],
    ['a list', ['*.json', /\.onnx$/], 'https://example.org/1/model.bin', false],
    ['nothing', undefined, 'https://example.org/1/model.bin', true],
    ['an empty list', [], 'https://example.org/1/model.bin', false],
  ])('by %s: %s, %s → %s', (_, wanted, url, matches) => {
    expect(only(pattern, wanted).test(url)).toBe(matches);
  });

  it('matches from the first character on, as Workbox requires, and keeps its groups', () => {
    const match = only(pattern, /(model)/).exec('https://example.org/7/model.onnx');
    expect([match?.index, match?.groups?.version]).toEqual([0, '7']);
  });

  it.each([/(?<version>model)/, /[/](?<package>a)\/\k<package>/, /(a)\1/, /\\\\(a)\\\1/])(
    'refuses %s, whose references would change their meaning',
    (wanted) => {
      expect(() => only(pattern, wanted)).toThrow(
        new TypeError(
          `A pattern for URLs must be a RegExp without named groups and back-references, but got ${wanted}.`,
        ),
      );
    },
  );

  it.each([/(?<=\/)model/, /(?<!a)model/, /[(?<version>)]model|\\1|model/])('accepts %s', (wanted) => {
    expect(only(pattern, wanted).test('https://example.org/1/model')).toBe(true);
  });

  it('refuses a RegExp with flags', () => {
    expect(() => only(pattern, /model/i)).toThrow(
      new TypeError('A pattern for URLs must be a RegExp without flags, but got /model/i.'),
    );
  });
});
