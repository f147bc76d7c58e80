import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {parse} from 'yaml';
import {ManifestError} from './ManifestError.ts';
import {parseFrontMatter} from './parseFrontMatter.ts';

/** Parses lines below `files:`; `undefined` if they are refused. */
const filesOf = (lines: readonly string[]): unknown => {
  try {
    return parseFrontMatter(['---', 'files:', ...lines, 'license: mit', '---'].join('\n')).get('files').value;
  } catch (error) {
    expect(error).toBeInstanceOf(ManifestError);
    return undefined;
  }
};

it('reads what it accepts as a YAML parser does, of YAML 1.1 and of 1.2', () => {
  const sign = fc.constantFrom(
    ...[
      'a',
      'b.onnx',
      '1',
      '0',
      '7',
      'e',
      'x',
      '.',
      '/',
      '-',
      '_',
      ' ',
      ': ',
      ':',
      ' #',
      '#',
      '"',
      "'",
      '\\',
      '\t',
    ],
    ...[
      'true',
      'No',
      'null',
      '~',
      'y',
      '&',
      '*',
      '!',
      '|',
      '>',
      '%',
      '@',
      '`',
      ',',
      '[',
      ']',
      '{',
      '}',
      '+',
      'é',
      '💾',
    ],
  );
  const value = fc.oneof(
    fc.constantFrom('a.onnx', '12', '0', '"a b"', "'a'", '0x1F', '1e3', '1_000', '.5', '2024-01-01', '1:20'),
    fc.array(sign, {minLength: 1, maxLength: 4}).map((signs) => signs.join('')),
  );
  const prefix = fc.constantFrom('- ', '- ', '  ', '  ', '  - ', '    ', '-   ', ' ');
  const key = fc.constantFrom('path', 'size', 'note');
  const space = fc.constantFrom(': ', ': ', ': ', ':  ', ':');
  const line = fc.oneof(
    {weight: 9, arbitrary: fc.tuple(prefix, key, space, value).map((parts) => parts.join(''))},
    {weight: 1, arbitrary: fc.constantFrom('', '# note', '  # note', '  and more')},
  );
  let accepted = 0;
  fc.assert(
    fc.property(fc.array(line, {minLength: 1, maxLength: 4}), (lines) => {
      const files = filesOf(lines);
      if (files === undefined || !(files as []).length) {
        return;
      }
      accepted += 1;
      const text = ['files:', ...lines].join('\n');
      expect(parse(text)).toEqual({files});
      const ofOldParser = parse(text, {version: '1.1', logLevel: 'error'});
      // This parser reads `.` and `e0` as the YAML 1.1 number NaN. Other parsers do not.
      if (!ofOldParser.files.flatMap(Object.values).some(Number.isNaN)) {
        expect(ofOldParser).toEqual({files});
      }
    }),
    {numRuns: 3000},
  );
  expect(accepted).toBeGreaterThan(100);
});

describe('a value that YAML parsers read in different ways is refused:', () => {
  it.each([
    '~',
    'null',
    'True',
    'no',
    'on',
    'y',
    '.nan',
    '.inf',
    '1.5',
    '007',
    '0x1F',
    '1_000',
    '1e3',
    '2024-01-01',
  ])('%s', (value) => {
    expect(filesOf([`- path: ${value}`])).toBeUndefined();
    expect(filesOf([`- path: "${value}"`])).toEqual([{path: value}]);
  });
});

it.each(['yes.onnx', 'nullable', '2024-01.onnx', '0extra.bin', 'v1.5', '7b-q4.gguf'])(
  '%s is a file name',
  (value) => {
    expect(filesOf([`- path: ${value}`])).toEqual([{path: value}]);
  },
);
