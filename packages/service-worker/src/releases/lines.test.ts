import {describe, expect, it} from 'vitest';
import {isLineOf, lineIn, mayBeOf} from './lines.ts';

const models = {prefix: 'models', pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>v[^/]+)\//};
const llamas = {prefix: 'llamas', pattern: /\/(?<family>\w+)\/(?<version>\w+)\/(?<size>\w+)?$/};
const pyodide = {prefix: 'pyodide', pattern: /\/pyodide\/v(?<version>[^/]+)\//};
const scopes = [models, llamas, pyodide];

const line = (value: unknown): string => lineIn(scopes, {line: value});

describe('lineIn', () => {
  it.each([
    ['models-en-us', {name: 'models', values: {locale: 'en-us'}}],
    ['llamas-small-tiny', {name: 'llamas', values: {family: 'small', size: 'tiny'}}],
    ['llamas-small-tiny', {name: 'llamas', values: {size: 'tiny', family: 'small'}}],
    ['llamas-small', {name: 'llamas', values: {family: 'small'}}],
  ])('returns %s for a name with values: %o', (whole, value) => {
    expect(line(value)).toBe(whole);
  });

  it.each([
    ['models-en-us', {name: 'models-en-us'}],
    ['models-en-us', {name: 'models-en-us', values: undefined}],
    ['models-en-us', {name: 'models-en-us', values: {}}],
    ['pyodide', {name: 'pyodide'}],
    ['pyodide', {name: 'pyodide', values: {}}],
  ])('returns %s for a whole name: %o', (whole, value) => {
    expect(line(value)).toBe(whole);
  });

  it('chooses the route whose pattern has the groups, where several have the same name', () => {
    const other = {prefix: 'models', pattern: /\/(?<size>\w+)\/(?<version>v\d+)\//};
    const both = [models, other];
    expect(lineIn(both, {line: {name: 'models', values: {size: 'tiny'}}})).toBe('models-tiny');
    expect(lineIn(both, {line: {name: 'models', values: {locale: 'en'}}})).toBe('models-en');
  });

  it.each([
    ['a name that no route has', {name: 'other'}],
    ['a name that only begins with that of a route', {name: 'models2'}],
    ['an empty name behind the one of a route', {name: '-models'}],
    ['a whole name with values', {name: 'models-en-us', values: {locale: 'en-us'}}],
    ['a value that the pattern has no group for', {name: 'models', values: {size: 'tiny'}}],
    ['one value too many', {name: 'models', values: {locale: 'en', size: 'tiny'}}],
    ['the version as a value', {name: 'models', values: {version: 'v1'}}],
    ['a text instead of values', {name: 'models', values: 'en-us'}],
    ['a name of every object', {name: 'models', values: {toString: 'en-us'}}],
  ])('throws for %s: %o', (_what, value) => {
    expect(() => line(value)).toThrow(
      new TypeError(
        `no route has the line ${JSON.stringify(value)}. The names of lines, and the values that they take: ` +
          `'models' (locale); 'llamas' (family, size); 'pyodide'.`,
      ),
    );
  });

  it('lists each line once, however many routes it has', () => {
    expect(() => lineIn([models, {...models}, pyodide, pyodide], {line: {name: 'other'}})).toThrow(
      `take: 'models' (locale); 'pyodide'.`,
    );
  });

  it('mentions that there is none where no route has a line', () => {
    expect(() => lineIn([], {line: {name: 'models'}})).toThrow('take: none.');
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'undefined'],
    ['models', 'undefined'],
    [7, 'undefined'],
    [{}, 'undefined'],
    [{name: ''}, '""'],
    [{name: 7}, '7'],
    [{name: ['models']}, '["models"]'],
    [{values: {locale: 'en'}}, 'undefined'],
  ])('throws for %o, which has no name', (value, got) => {
    expect(() => line(value)).toThrow(
      new TypeError(`payload.line.name must be a non-empty string, but got ${got}.`),
    );
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['', '""'],
    [7, '7'],
    [['en'], '["en"]'],
  ])('throws for the value %o, which is no text', (locale, got) => {
    expect(() => line({name: 'models', values: {locale}})).toThrow(
      new TypeError(`payload.line.values.locale must be a non-empty string, but got ${got}.`),
    );
  });
});

describe('mayBeOf', () => {
  it.each([
    ['models', true],
    ['models-en-us', true],
    ['models-en-us-v1', true],
    ['models2', false],
    ['my-models', false],
    ['', false],
  ])('tells for %s: %s', (name, expected) => {
    expect(mayBeOf(models, name)).toBe(expected);
  });

  it.each([undefined, null, ''])('is false for a scope with the prefix %o', (prefix) => {
    const scope = {prefix: prefix as string, pattern: models.pattern};
    for (const name of ['', '-', '-en', 'undefined', 'undefined-en', 'null-en']) {
      expect(mayBeOf(scope, name)).toBe(false);
    }
  });
});

it('isLineOf tells whether any scope may have a line', () => {
  expect(isLineOf(scopes, 'pyodide')).toBe(true);
  expect(isLineOf(scopes, 'other')).toBe(false);
  expect(isLineOf([], 'models')).toBe(false);
});
