import {describe, expect, it} from 'vitest';
import {lineIn} from './lines.ts';
import type {Scope} from './releaseOf.ts';

const models = {prefix: 'models', pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>v[^/]+)\//};
const llamas = {prefix: 'llamas', pattern: /\/(?<family>\w+)\/(?<version>\w+)\/(?<size>\w+)?$/};
const pyodide = {prefix: 'pyodide', pattern: /\/pyodide\/v(?<version>[^/]+)\//};
const scopes = [models, llamas, pyodide];

const line = (value: unknown, among: readonly Scope[] = scopes): Promise<string> =>
  lineIn({scopes: among}, {line: value});

describe('lineIn', () => {
  it.each([
    ['models-en-us', {name: 'models', values: {locale: 'en-us'}}],
    ['llamas-small-tiny', {name: 'llamas', values: {family: 'small', size: 'tiny'}}],
    ['llamas-small-tiny', {name: 'llamas', values: {size: 'tiny', family: 'small'}}],
    ['llamas-small', {name: 'llamas', values: {family: 'small'}}],
  ])('returns %s for a name with values: %o', async (whole, value) => {
    expect(await line(value)).toBe(whole);
  });

  it.each([
    ['models-en-us', {name: 'models-en-us'}],
    ['models-en-us', {name: 'models-en-us', values: undefined}],
    ['models-en-us', {name: 'models-en-us', values: {}}],
    ['pyodide', {name: 'pyodide'}],
    ['pyodide', {name: 'pyodide', values: {}}],
  ])('returns %s for a whole name: %o', async (whole, value) => {
    expect(await line(value)).toBe(whole);
  });

  it('chooses the route whose pattern has the groups, where several have the same name', async () => {
    const other = {prefix: 'models', pattern: /\/(?<size>\w+)\/(?<version>v\d+)\//};
    const both = [models, other];
    expect(await line({name: 'models', values: {size: 'tiny'}}, both)).toBe('models-tiny');
    expect(await line({name: 'models', values: {locale: 'en'}}, both)).toBe('models-en');
  });

  it.each([
    ['models-x-en', 'models%2Dx-en'],
    ['models-x', 'models%2Dx'],
    ['models-en', 'models-en'],
  ])('takes the whole name %s for one of the route with the longest name: %s', async (whole, id) => {
    expect(await line({name: whole}, [models, {...models, prefix: 'models-x'}])).toBe(id);
  });

  it('takes values for those of the route that is named, whatever another one is called', async () => {
    const nested = [models, {...models, prefix: 'models-x'}];
    expect(await line({name: 'models', values: {locale: 'x-en'}}, nested)).toBe('models-x-en');
    expect(await line({name: 'models-x', values: {locale: 'en'}}, nested)).toBe('models%2Dx-en');
  });

  it.each([
    ['a name that no route has', {name: 'other'}],
    ['a name that only begins with that of a route', {name: 'models2'}],
    ['an empty name behind the one of a route', {name: '-models'}],
    ['a whole name with values', {name: 'models-en-us', values: {locale: 'en-us'}}],
    ['a name that no line of a route without groups has', {name: 'pyodide-v1'}],
    ['a name with more parts than there are groups, which may end anywhere', {name: 'llamas-a-b-c'}],
    ['a value that the pattern has no group for', {name: 'models', values: {size: 'tiny'}}],
    ['one value too many', {name: 'models', values: {locale: 'en', size: 'tiny'}}],
    ['the version as a value', {name: 'models', values: {version: 'v1'}}],
    ['a text instead of values', {name: 'models', values: 'en-us'}],
    ['a name of every object', {name: 'models', values: {toString: 'en-us'}}],
  ])('throws for %s: %o', async (_what, value) => {
    await expect(line(value)).rejects.toThrow(
      new TypeError(
        `no route has the line ${JSON.stringify(value)}. The names of lines, and the values that they take: ` +
          `'models' (locale); 'llamas' (family, size); 'pyodide'.`,
      ),
    );
  });

  it('lists each line once, however many routes it has', async () => {
    await expect(line({name: 'other'}, [models, {...models}, pyodide, pyodide])).rejects.toThrow(
      `take: 'models' (locale); 'pyodide'.`,
    );
  });

  it('mentions that there is none where no route has a line', async () => {
    await expect(line({name: 'models'}, [])).rejects.toThrow('take: none.');
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
  ])('throws for %o, which has no name', async (value, got) => {
    await expect(line(value)).rejects.toThrow(
      new TypeError(`payload.line.name must be a non-empty string, but got ${got}.`),
    );
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['', '""'],
    [7, '7'],
    [['en'], '["en"]'],
  ])('throws for the value %o, which is no text', async (locale, got) => {
    await expect(line({name: 'models', values: {locale}})).rejects.toThrow(
      new TypeError(`payload.line.values.locale must be a non-empty string, but got ${got}.`),
    );
  });
});
