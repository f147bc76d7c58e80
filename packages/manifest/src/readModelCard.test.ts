import {describe, expect, it} from 'vitest';
import {ManifestError} from './ManifestError.ts';
import {readModelCard} from './readModelCard.ts';

const BASE = 'https://huggingface.co/org/model/resolve/v1/README.md';
const urlOf = (path: string): string => `https://huggingface.co/org/model/resolve/v1/${path}`;
const TWO = {
  assets: [
    {url: urlOf('model.onnx'), size: 61_234_567},
    {url: urlOf('onnx/tokenizer.json'), size: 0},
  ],
};

/** A card with these lines as its front matter. The first of them is line 2. */
const card = (...lines: string[]): string => ['---', ...lines, '---', '', '# A model', ''].join('\n');

describe('a card in Markdown', () => {
  it('is read with comments, blank lines, quotes and unknown fields', () => {
    const text = card(
      'license: mit # or so',
      'tags: [onnx]',
      'files:  # all of them',
      '  - path: model.onnx',
      '    size: 61234567  # 61 MB',
      '',
      '  # and',
      '  - size: 0',
      '    path: "onnx/tokenizer.json"',
      '    note: it is small',
      'description: |',
      '  - path: another',
    );
    expect(readModelCard(text, BASE)).toEqual(TWO);
  });

  it('is read in the style of yaml.dump', () => {
    const text = card(
      'files:',
      '- path: model.onnx',
      '  size: 61234567',
      "- path: 'onnx/tokenizer.json'",
      '  size: 0',
      'license: mit',
    );
    expect(readModelCard(text, BASE)).toEqual(TWO);
  });

  it('is read with Windows line endings', () => {
    const text = card('files:', '- path: model.onnx', '  size: 1').replaceAll('\n', '\r\n');
    expect(readModelCard(text, BASE).assets).toEqual([{url: urlOf('model.onnx'), size: 1}]);
  });

  it('has no front matter after the second line of dashes', () => {
    expect(() =>
      readModelCard(card('license: mit', '---', 'files:', '- path: a', '  size: 1'), BASE),
    ).toThrow('line 1, files: must be an array, but is missing.');
  });
});

it('reads a card in JSON', () => {
  const files = [
    {path: 'model.onnx', size: 61_234_567},
    {path: 'onnx/tokenizer.json', size: 0},
  ];
  expect(readModelCard(JSON.stringify({name: 'x', files}), BASE)).toEqual(TWO);
});

describe('refuses an invalid card with the line and the reason:', () => {
  const list =
    'files: must be a list of pairs such as "- path: a.onnx" and "size: 12"; other YAML is not supported.';
  it.each([
    ['# A model\n', 'line 1: must be JSON, or Markdown with YAML between two --- lines at its start.'],
    [
      '---\nfiles:\n- path: a\n  size: 1\n',
      'line 1: must be JSON, or Markdown with YAML between two --- lines at its start.',
    ],
    [card('license: mit'), 'line 1, files: must be an array, but is missing.'],
    [
      card('files:', '- path: a', '  size: 61 MB'),
      'line 4, files[0].size: must be a whole number of bytes, but is a',
    ],
    [card('files:', '- path: a', '  size: -1'), `line 4, ${list}`],
    [
      card('files:', '- path: a', '  size: "1"'),
      'line 4, files[0].size: must be a whole number of bytes, but is a',
    ],
    [
      card('files:', '- path: a', '- size: 1'),
      'line 3, files[0].size: must be a whole number of bytes, but is missing',
    ],
    [
      card('files:', '- path: 12', '  size: 1'),
      'line 3, files[0].path: must be a non-empty string, but is 12.',
    ],
    [
      card('files:', '- path: ../a', '  size: 1'),
      'line 3, files[0].path: must be the path of a file below the base.',
    ],
    [
      card('files:', '- path: a', '  size: 1', '- path: a', '  size: 2'),
      'line 5, files[1]: is listed before',
    ],
    [card('files:', '- path: a', '  size: 1', '  size: 2'), `line 5, ${list}`],
    [card('files:', '  path: a'), `line 3, ${list}`],
    [card('files:', '- a'), `line 3, ${list}`],
    [card('files:', '- path: a', '  lfs:', '    size: 1'), `line 4, ${list}`],
    [card('files:', '- path: >-', '    a', '  size: 1'), `line 3, ${list}`],
    [card('files:', '- path: "a\\x41"', '  size: 1'), `line 3, ${list}`],
    [card('files:', '- path: a: b', '  size: 1'), `line 3, ${list}`],
    [card('files:', '- {path: a, size: 1}'), `line 3, ${list}`],
    [card('license: mit', 'files: [{path: a, size: 1}]'), `line 3, ${list}`],
    [
      '{\n"files": [\n{"path": "a"}]}',
      'line 3, files[0].size: must be a whole number of bytes, but is missing.',
    ],
    ['{"files": ', 'line 1: is not valid JSON at column 11.'],
  ])('%j', (text, message) => {
    expect(() => readModelCard(text, BASE)).toThrow(ManifestError);
    expect(() => readModelCard(text, BASE)).toThrow(`Invalid manifest, ${message}`);
  });
});
