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
  throw new Error('Nothing was refused.');
};

describe('a text that is not JSON', () => {
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
  ])('%j stops at line %d, column %d', (text, line, column) => {
    const error = failure(() => parseJson(text));
    expect(error).toBeInstanceOf(ManifestError);
    expect(error.message).toBe(`Bad manifest, line ${line}: not JSON from column ${column} on.`);
    expect(error).toMatchObject({line, field: ''});
  });

  it('nested as deep as a parser can go is no other error', () => {
    expect(failure(() => parseJson('['.repeat(100_000))).message).toContain('column 100001');
  });

  it('is found on the line that the engine names, wherever it is broken', () => {
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
        // Of a text that ends too early the engine says no place.
        fc.pre(line !== undefined);
        expect(failure(() => parseJson(text)).line).toBe(Number(line));
      }),
      {numRuns: 1000},
    );
  });
});

describe('a text that is JSON', () => {
  it('is what JSON.parse makes of it', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        expect(parseJson(json).value).toEqual(JSON.parse(json));
      }),
    );
  });

  it('has every value on its line', () => {
    const members = fc.dictionary(fc.string(), fc.string(), {minKeys: 1});
    fc.assert(
      fc.property(fc.array(members, {minLength: 1}), fc.nat(), fc.nat(), (list, one, other) => {
        const index = one % list.length;
        const pairs = Object.entries(list[index] ?? {});
        const [name, value] = pairs[other % pairs.length] ?? ['', ''];
        const text = JSON.stringify({before: [[], {}, [{a: {}}], null, -1.5e-3], list}, null, 2);
        const field = parseJson(text).get('list').items()[index]?.get(name);
        const {line = 0} = failure(() => field?.refuse('is wrong'));
        const found = text.split('\n')[line - 1]?.trim().replace(/,$/, '');
        expect(found).toBe(`${JSON.stringify(name)}: ${JSON.stringify(value)}`);
      }),
    );
  });
});
