import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  cacheNameOf,
  groupsOf,
  isLineOf,
  isOfRelease,
  lineOf,
  linesNamed,
  nameOf,
  releaseOf,
} from './releaseOf.ts';

const assets = {
  prefix: 'mailwoman-assets',
  pattern: /\/resolve\/(?<locale>[^/]+)\/(?:(?<version>v[^/]+)\/)?/,
};
const bucket = 'https://huggingface.co/buckets/mailwoman/assets/resolve';

describe('releaseOf', () => {
  it('reads line and version out of the named groups', () => {
    expect(releaseOf(assets, `${bucket}/en-us/v0.6.0/model.onnx`)).toEqual({
      line: 'mailwoman%2Dassets-en-us',
      version: 'v0.6.0',
    });
  });

  it('leaves the version open where the URL has none', () => {
    expect(releaseOf(assets, `${bucket}/en-us/model.onnx`)).toEqual({
      line: 'mailwoman%2Dassets-en-us',
      version: undefined,
    });
  });

  it('uses the prefix alone as the line where the pattern has no other group', () => {
    const scope = {prefix: 'pyodide', pattern: /\/pyodide\/v(?<version>[^/]+)\//};
    expect(releaseOf(scope, 'https://cdn.jsdelivr.net/pyodide/v314.0.7/full/pyodide.mjs')).toEqual({
      line: 'pyodide',
      version: '314.0.7',
    });
  });

  it('joins several values in the order of their groups', () => {
    const scope = {
      prefix: 'x',
      pattern: /^https:\/\/a\.test\/(?<family>\w+)\/(?<version>\w+)\/(?<size>\w+)$/,
    };
    expect(releaseOf(scope, 'https://a.test/llama/v3/tiny')).toEqual({line: 'x-llama-tiny', version: 'v3'});
  });

  it('omits a group that matched nothing', () => {
    const scope = {prefix: 'x', pattern: /\/(?<version>v\d+)\/(?<locale>[a-z]+)?/};
    expect(releaseOf(scope, 'https://a.test/v3/')).toEqual({line: 'x', version: 'v3'});
  });

  it('returns undefined for a URL that does not match', () => {
    expect(releaseOf(assets, 'https://huggingface.co/mailwoman/tiny/raw/main/README.md')).toBeUndefined();
  });

  it.each(['g', 'y', 'gy'])('reads the same URL twice with the flag %s', (flags) => {
    const scope = {prefix: 'x', pattern: new RegExp('https://a.test/(?<version>v[^/]+)/', flags)};
    for (let time = 1; time <= 2; time++) {
      expect(releaseOf(scope, 'https://a.test/v3/')).toEqual({line: 'x', version: 'v3'});
    }
  });

  it.each([undefined, null, '/(?<version>v3)/', {}])('throws for %o instead of a pattern', (pattern) => {
    expect(() => releaseOf({prefix: 'x', pattern: pattern as unknown as RegExp}, '')).toThrow(TypeError);
  });

  it('names the cache of a release by prefix, line and version', () => {
    expect(cacheNameOf('mailwoman%2Dassets-en-us', 'v0.6.0')).toBe('mailwoman-assets-en-us-v0.6.0');
  });

  it('reads the values that a URL was made of, whatever they are', () => {
    const segment = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);
    fc.assert(
      fc.property(segment, segment, (locale, rest) => {
        const release = releaseOf(assets, `${bucket}/${locale}/v${rest}/model.onnx`);
        expect(release).toEqual({line: `mailwoman%2Dassets-${locale}`, version: `v${rest}`});
      }),
    );
  });
});

describe('groupsOf', () => {
  it.each([
    [assets.pattern, ['locale']],
    [/\/(?<family>\w+)\/(?<version>\w+)\/(?<size>\w+)$/, ['family', 'size']],
    [/\/v(?<version>[^/]+)\//, []],
    [/(?<!x)(?:a|b)\/(?<version>v)/i, []],
    [/(?<locale>\w+)\/(?<version>v)/gy, ['locale']],
  ])('returns the groups of %s that tell lines apart', (pattern, groups) => {
    expect(groupsOf({prefix: 'x', pattern})).toEqual(groups);
  });
});

describe('lineOf', () => {
  const scope = {prefix: 'x', pattern: /\/(?<family>\w+)\/(?<version>\w+)\/(?<size>\w+)?$/};

  it.each([
    ['the order of the groups', {size: 'tiny', family: 'llama'}, 'x-llama-tiny'],
    ['missing values left out', {family: 'llama'}, 'x-llama'],
    ['empty values left out', {family: 'llama', size: ''}, 'x-llama'],
    ['the prefix alone without values', {}, 'x'],
  ])('joins the values of a line, with %s', (_what, values, line) => {
    expect(lineOf(scope, values)).toBe(line);
  });

  it('gives the line that releaseOf reads from a URL', () => {
    const {line} = releaseOf(scope, 'https://a.test/llama/v3/tiny') ?? {};
    expect(line).toBe(lineOf(scope, {family: 'llama', size: 'tiny'}));
  });
});

/** A scope whose lines have one value, or several. */
const scopeWith = (prefix: string, count: number) => ({
  prefix,
  pattern: new RegExp(
    `${Array.from({length: count}, (_x, index) => `/(?<g${index}>[^/]+)`).join('')}/(?<version>v\\d)/`,
  ),
});

const text = fc.stringMatching(/^[a%2D-]{1,6}$/);

describe('the id of a line', () => {
  it('belongs to its own prefix alone, whatever other prefixes and values there are', () => {
    fc.assert(
      fc.property(text, text, fc.array(text, {maxLength: 2}), (prefix, other, values) => {
        const scope = scopeWith(prefix, values.length);
        const {line} = releaseOf(scope, `https://a.test/${[...values, 'v1', 'a'].join('/')}`) ?? {line: ''};
        expect(isLineOf([scope], line)).toBe(true);
        expect(isLineOf([scopeWith(other, values.length)], line)).toBe(other === prefix);
      }),
    );
  });

  it('tells lines apart that have the same name', () => {
    const parts = fc.tuple(text, text, text);
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const [first, second] = [one, other].map(
          ([prefix, ...values]) =>
            releaseOf(scopeWith(prefix, 2), `https://a.test/${values.join('/')}/v1/a`)?.line,
        );
        expect(first === second).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
    expect(lineOf(scopeWith('models', 1), {g0: 'x-en'})).not.toBe(
      lineOf(scopeWith('models-x', 1), {g0: 'en'}),
    );
  });

  it('gives the name of the prefix and the values, joined by dashes', () => {
    fc.assert(
      fc.property(text, fc.array(text, {maxLength: 3}), (prefix, values) => {
        const named = Object.fromEntries(values.map((value, index) => [`g${index}`, value]));
        const line = lineOf(scopeWith(prefix, values.length), named);
        expect(nameOf(line)).toBe([prefix, ...values].join('-'));
        expect(cacheNameOf(line, 'v-1')).toBe([prefix, ...values, 'v-1'].join('-'));
      }),
    );
  });

  it('is found by the name, where that tells it', () => {
    const plain = fc.stringMatching(/^[a%2D]{1,6}$/);
    fc.assert(
      fc.property(text, fc.array(plain, {maxLength: 3}), (prefix, values) => {
        const scope = scopeWith(prefix, values.length);
        const named = Object.fromEntries(values.map((value, index) => [`g${index}`, value]));
        expect(linesNamed(scope, [prefix, ...values].join('-'))).toEqual([lineOf(scope, named)]);
      }),
    );
    expect(linesNamed(scopeWith('models', 1), 'models-en-us')).toEqual(['models-en-us']);
    expect(linesNamed(scopeWith('models', 2), 'models-en-us-tiny')).toEqual([]);
    expect(linesNamed(scopeWith('models', 1), 'models2')).toEqual([]);
  });

  it.each([undefined, null, ''])('belongs to no scope with the prefix %o', (prefix) => {
    const scope = {prefix: prefix as string, pattern: assets.pattern};
    for (const line of ['', '-', '-en', 'undefined', 'undefined-en', 'null-en']) {
      expect(isLineOf([scope], line)).toBe(false);
    }
  });
});

it('isOfRelease tells whether a key belongs to a release, also one without a version in it', () => {
  const release = {line: 'mailwoman%2Dassets-en', version: 'v1'};
  expect(isOfRelease([assets], `${bucket}/en/v1/model.onnx`, release)).toBe(true);
  expect(isOfRelease([assets], `${bucket}/en/model.onnx`, release)).toBe(true);
  expect(isOfRelease([assets], `${bucket}/en/v2/model.onnx`, release)).toBe(false);
  expect(isOfRelease([assets], `${bucket}/de/v1/model.onnx`, release)).toBe(false);
  expect(isOfRelease([{...assets, prefix: 'mailwoman'}], `${bucket}/en/v1/model.onnx`, release)).toBe(false);
  expect(isOfRelease([], `${bucket}/en/v1/model.onnx`, release)).toBe(false);
});
