import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {cacheNameOf, releaseOf} from './releaseOf.ts';

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

  it('is the prefix alone where a pattern has no other group', () => {
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

  it('leaves out a group that matched nothing', () => {
    const scope = {prefix: 'x', pattern: /\/(?<version>v\d+)\/(?<locale>[a-z]+)?/};
    expect(releaseOf(scope, 'https://a.test/v3/')).toEqual({line: 'x', version: 'v3'});
  });

  it('does not look after a URL that does not match', () => {
    expect(releaseOf(assets, 'https://huggingface.co/mailwoman/tiny/raw/main/README.md')).toBeUndefined();
  });

  it.each(['g', 'y', 'gy'])('reads the same URL twice with the flag %s', (flags) => {
    const scope = {prefix: 'x', pattern: new RegExp('https://a.test/(?<version>v[^/]+)/', flags)};
    for (let time = 1; time <= 2; time++) {
      expect(releaseOf(scope, 'https://a.test/v3/')).toEqual({line: 'x', version: 'v3'});
    }
  });

  it.each([undefined, null, '/(?<version>v3)/', {}])('throws for %o in the place of a pattern', (pattern) => {
    expect(() => releaseOf({prefix: 'x', pattern: pattern as unknown as RegExp}, '')).toThrow(TypeError);
  });

  it('names the cache of a release after prefix, line and version', () => {
    expect(cacheNameOf('mailwoman-assets-en-us', 'v0.6.0')).toBe('mailwoman-assets-en-us-v0.6.0');
  });

  it('gives the values back that a URL was made of, whatever they are', () => {
    const segment = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);
    fc.assert(
      fc.property(segment, segment, (locale, rest) => {
        const release = releaseOf(assets, `${bucket}/${locale}/v${rest}/model.onnx`);
        expect(release).toEqual({line: `mailwoman-assets-${locale}`, version: `v${rest}`});
      }),
    );
  });
});
