import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {ManifestError} from './ManifestError.ts';
import {parseJson} from './parseJson.ts';

const failure = (act: () => unknown): ManifestError => {
  try {
    act();
  } catch (error) {
    return error as ManifestError;
  }
  throw new Error('Expected an error.');
};

describe('invalid JSON', () => {
  it.each([
    ['', 1, 1],
    ['\n\n', 3, 1],
    ['{"a": 1', 1, 8],
    ['{"a": 1,}', 1, 9],
    ['{"a": 1}}', 1, 9],
    ['[1, 2]]', 1, 7],
    ['[1, 2}', 1, 6],
    ['[1 2]', 1, 4],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3],
    ['{\n  "a": 1,\n  b: 2\n}', 3, 3],
    ["{\n  'a': 1\n}", 2, 3],
    ['{"a" 1}', 1, 6],
    ['{1: 2}', 1, 2],
    ['[\n1,\n01\n]', 3, 1],
    ['["a\nb"]', 1, 2],
    ['["a\\x"]', 1, 2],
    ['[\u00a01]', 1, 2],
    ['[NaN]', 1, 2],
    ['"a" "b"', 1, 5],
    ['[1, 2, // three\n3]', 1, 8],
  ])('%j is refused at line %d, column %d', (text, line, column) => {
    const error = failure(() => parseJson(text));
    expect(error).toBeInstanceOf(ManifestError);
    expect(error.message).toBe(`Invalid manifest, line ${line}: is not valid JSON at column ${column}.`);
    expect(error).toMatchObject({line, field: ''});
  });

  it('is refused with a ManifestError when it is nested 100,000 levels deep', () => {
    expect(failure(() => parseJson('['.repeat(100_000))).message).toContain('column 100001');
  });

  it('is refused at the line that the engine names, wherever the error is', () => {
    const sign = fc.constantFrom(...'{}[]:,"\\ \n\t0-1.etx\u0000');
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.nat(3), sign, (json, seed, removed, inserted) => {
        const pretty = JSON.stringify(JSON.parse(json), null, 1);
        const at = seed % (pretty.length + 1);
        const text = pretty.slice(0, at) + inserted + pretty.slice(at + removed);
        let line: string | undefined;
        try {
          JSON.parse(text);
        } catch (error) {
          line = / \(line (\d+) /.exec(`${error}`)?.[1];
        }
        // The engine names no place for a truncated text.
        fc.pre(line !== undefined);
        expect(failure(() => parseJson(text)).line).toBe(Number(line));
      }),
      {numRuns: 1000},
    );
  });
});

describe('valid JSON', () => {
  it('gives the value that JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(parseJson(json).value).toEqual(JSON.parse(json));
      }),
    );
  });

  it('gives every value with its line', () => {
    const members = fc.dictionary(fc.string(), fc.string(), {minKeys: 1});
    fc.assert(
      fc.property(fc.array(members, {minLength: 1}), fc.nat(), fc.nat(), (list, seed, otherSeed) => {
        const index = seed % list.length;
        const pairs = Object.entries(list[index] ?? {});
        const [name, value] = pairs[otherSeed % pairs.length] ?? ['', ''];
        const text = JSON.stringify({before: [[], {}, [{a: {}}], null, -1.5e-3], list}, null, 2);
        const field = parseJson(text).get('list').items()[index]?.get(name);
        const {line = 0} = failure(() => field?.refuse('is wrong'));
        const found = text.split('\n')[line - 1]?.trim().replace(/,$/, '');
        expect(found).toBe(`${JSON.stringify(name)}: ${JSON.stringify(value)}`);
      }),
    );
  });
});
