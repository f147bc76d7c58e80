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

/** A card with these lines in its YAML: the first is line 2. */
const card = (...lines: string[]): string => ['---', ...lines, '---', '', '# A model', ''].join('\n');

describe('a card in Markdown', () => {
  it('is read as people write it', () => {
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

  it('is read as yaml.dump writes it', () => {
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

  it('is read with the ends of lines of Windows', () => {
    const text = card('files:', '- path: model.onnx', '  size: 1').replaceAll('\n', '\r\n');
    expect(readModelCard(text, BASE).assets).toEqual([{url: urlOf('model.onnx'), size: 1}]);
  });

  it('ends where its second line of dashes is', () => {
    expect(() =>
      readModelCard(card('license: mit', '---', 'files:', '- path: a', '  size: 1'), BASE),
    ).toThrow('line 1, files: must be an array, but is missing.');
  });
});

it('a card in JSON is read', () => {
  const files = [
    {path: 'model.onnx', size: 61_234_567},
    {path: 'onnx/tokenizer.json', size: 0},
  ];
  expect(readModelCard(JSON.stringify({name: 'x', files}), BASE)).toEqual(TWO);
});

describe('a bad card is refused with the line and the reason:', () => {
  const list = 'files: not a list of pairs such as "- path: a.onnx" and "size: 12".';
  it.each([
    ['# A model\n', 'line 1: neither JSON, nor YAML between two lines of ---.'],
    ['---\nfiles:\n- path: a\n  size: 1\n', 'line 1: neither JSON, nor YAML between two lines of ---.'],
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
      'line 3, files[0].path: must be a string that is not empty, but is 12.',
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
    ['{"files": ', 'line 1: not JSON from column 11 on.'],
  ])('%j', (text, message) => {
    expect(() => readModelCard(text, BASE)).toThrow(ManifestError);
    expect(() => readModelCard(text, BASE)).toThrow(`Bad manifest, ${message}`);
  });
});
