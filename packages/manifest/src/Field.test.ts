import {describe, expect, it} from 'vitest';
import {Field} from './Field.ts';

const field = (value: unknown): Field => new Field(value, () => 7);

describe('the place in an error', () => {
  it('is written as a path of names and indices', () => {
    const root = field({packages: {'a-b_c': {depends: ['x', 'y']}, 'a.b': 1, '': 2}});
    const packages = root.get('packages');
    expect(() => packages.get('a-b_c').get('depends').items()[1]?.refuse('is bad')).toThrow(
      'Invalid manifest, line 7, packages.a-b_c.depends[1]: is bad.',
    );
    expect(() => packages.get('a.b').refuse('is bad')).toThrow('packages["a.b"]: is bad.');
    expect(() => packages.get('').refuse('is bad')).toThrow('packages[""]: is bad.');
    expect(() => root.refuse('is bad')).toThrow('Invalid manifest, line 7: is bad.');
  });

  it('is the line of the object for a missing member', () => {
    const requested: unknown[] = [];
    const root = new Field({assets: [{}]}, (steps) => requested.push(steps));
    expect(() => root.get('assets').items()[0]?.get('size').bytes()).toThrow(
      'assets[0].size: must be a whole',
    );
    expect(requested).toEqual([['assets', 0]]);
  });
});

it('reads no members of the prototype', () => {
  expect(field({}).get('constructor').value).toBeUndefined();
});

describe('an invalid value', () => {
  it.each([
    [(value: unknown) => field(value).get('x'), 'must be an object', [[], null, 'x', 1, undefined]],
    [(value: unknown) => field(value).names(), 'must be an object', [[], null, 'x', 1, undefined]],
    [(value: unknown) => field(value).items(), 'must be an array', [{}, null, 'x', 1, undefined]],
    [(value: unknown) => field(value).text(), 'must be a non-empty string', [{}, null, '', 1, undefined]],
    [
      (value: unknown) => field(value).bytes(),
      'must be a whole number of bytes',
      [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '1', null, undefined],
    ],
    [
      (value: unknown) => field(value).digest('sha256'),
      'must be 64 hex digits',
      [
        'a'.repeat(63),
        'a'.repeat(65),
        'g'.repeat(64),
        `${'a'.repeat(63)}\n`,
        ` ${'a'.repeat(63)}`,
        1,
        null,
        undefined,
      ],
    ],
    [
      (value: unknown) => field(value).digest('git-blob-sha1'),
      'must be 40 hex digits',
      ['a'.repeat(64), 'a'.repeat(39), undefined],
    ],
  ])('is refused by %s', (read, need, values) => {
    for (const value of values) {
      expect(() => read(value)).toThrow(`Invalid manifest, line 7: ${need}, but `);
    }
  });

  it('is described without its text', () => {
    const shown = (value: unknown): string => {
      try {
        return field(value).mustBe('x');
      } catch (error) {
        return (error as Error).message.split('must be x, but ')[1] ?? '';
      }
    };
    expect(['https://me:pw@a.b', 12, true, null, undefined, ['pw'], {pw: 1}].map(shown)).toEqual([
      'is a string of length 17.',
      'is 12.',
      'is true.',
      'is null.',
      'is missing.',
      'is an array.',
      'is an object.',
    ]);
  });
});

it('accepts sizes from 0 to the largest safe integer', () => {
  expect(field(0).bytes()).toBe(0);
  expect(field(2 ** 53 - 1).bytes()).toBe(2 ** 53 - 1);
});

it('returns digests in lowercase', () => {
  expect(field('AB'.repeat(20)).digest('git-blob-sha1')).toEqual({
    algorithm: 'git-blob-sha1',
    hex: 'ab'.repeat(20),
  });
});
