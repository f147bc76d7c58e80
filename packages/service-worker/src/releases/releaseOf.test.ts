import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {cacheNameOf, groupsOf, lineOf, releaseOf} from './releaseOf.ts';

const assets = {
  prefix: 'mailwoman-assets',
  pattern: /\/resolve\/(?<locale>[^/]+)\/(?:(?<version>v[^/]+)\/)?/,
};
const bucket = 'https://huggingface.co/buckets/mailwoman/assets/resolve';

describe('releaseOf', () => {
  it('reads line and version out of the named groups', () => {
    expect(releaseOf(assets, `${bucket}/en-us/v0.6.0/model.onnx`)).toEqual({
      line: 'mailwoman-assets-en-us',
      version: 'v0.6.0',
    });
  });

  it('leaves the version open where the URL has none', () => {
    expect(releaseOf(assets, `${bucket}/en-us/model.onnx`)).toEqual({
      line: 'mailwoman-assets-en-us',
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
    expect(cacheNameOf('mailwoman-assets-en-us', 'v0.6.0')).toBe('mailwoman-assets-en-us-v0.6.0');
  });

  it('reads the values that a URL was made of, whatever they are', () => {
    const segment = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);
    fc.assert(
      fc.property(segment, segment, (locale, rest) => {
        const release = releaseOf(assets, `${bucket}/${locale}/v${rest}/model.onnx`);
        expect(release).toEqual({line: `mailwoman-assets-${locale}`, version: `v${rest}`});
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
