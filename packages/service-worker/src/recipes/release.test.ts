import {describe, expect, it} from 'vitest';
import {releaseOf} from '../releases/releaseOf.ts';
import {integrity, type ReleaseOptions, type RouteEntry, release} from './index.ts';
import {isPluginEntry} from './pluginEntries.ts';

const BUCKET = 'https://huggingface.co/buckets/acme/assets/resolve';

const scopeOf = ({options}: RouteEntry) => {
  for (const plugin of options.plugins) {
    if (isPluginEntry(plugin) && plugin.holdfast === 'versionScope') {
      return plugin.options;
    }
  }
  return expect.fail('There is no scope.');
};

const releaseIn = (options: Partial<ReleaseOptions> & {url: string}, key: string) =>
  releaseOf(scopeOf(release({name: 'models', ...options})), key);

describe('a release', () => {
  it('is a route with the plugins that it needs, in their order', () => {
    const url = `${BUCKET}/:locale/:version/*`;
    const {urlPattern, handler, options} = release({name: 'models', url});
    expect(handler).toBe('CacheFirst');
    expect(options.plugins).toEqual([
      {holdfast: 'stableKey', options: {tables: ['huggingFace']}},
      {holdfast: 'quotaGuard', options: {}},
      {holdfast: 'versionScope', options: {prefix: 'models', pattern: urlPattern}},
    ]);
  });

  it('knows all signatures where its host is unknown', () => {
    const {options} = release({name: 'models', url: 'https://assets.example.com/:version/*'});
    expect(options.plugins[0]).toEqual({holdfast: 'stableKey', options: {}});
  });

  it('passes the options of its plugins on', () => {
    const stableKey = {tables: ['cloudFront' as const]};
    const quotaGuard = {corsHosts: ['a.test']};
    const checked = {assets: [{url: `${BUCKET}/en/v1/a`, size: 1}]};
    const {options} = release({
      name: 'models',
      url: `${BUCKET}/:locale/:version/*`,
      stableKey,
      quotaGuard,
      integrity: checked,
    });
    expect(options.plugins).toEqual([
      {holdfast: 'stableKey', options: stableKey},
      {holdfast: 'quotaGuard', options: quotaGuard},
      integrity(checked),
      expect.objectContaining({holdfast: 'versionScope'}),
    ]);
  });

  it('resumes downloads if that is wanted', () => {
    const url = `${BUCKET}/:version/*`;
    expect(release({name: 'models', url, resumable: true}).handler).toBe('ResumableCacheFirst');
    expect(release({name: 'models', url, handler: 'StaleWhileRevalidate'}).handler).toBe(
      'StaleWhileRevalidate',
    );
  });

  it('is data: it can be copied', () => {
    const route = release({name: 'models', url: `${BUCKET}/:version/*`});
    expect(structuredClone(route)).toEqual(route);
  });
});

describe('a URL', () => {
  it.each([
    [`${BUCKET}/:locale/:version/*`, `${BUCKET}/en-us/v0.6.0/onnx/model.onnx`, 'models-en-us', 'v0.6.0'],
    [`${BUCKET}/:version/*`, `${BUCKET}/v1/a.bin?b=c`, 'models', 'v1'],
    ['https://*.example.com/:version/*', 'https://cdn.eu.example.com/v1/a', 'models', 'v1'],
    ['https://{*.}?example.com/:version/*', 'https://example.com/v1/a', 'models', 'v1'],
    ['https://:locale.example.com/:version/*', 'https://en.example.com/v1/a', 'models-en', 'v1'],
    ['https://example.com:8443/:version/*', 'https://example.com:8443/v1/a', 'models', 'v1'],
    ['http{s}?://localhost:*/:version/*', 'http://localhost:5173/v1/a', 'models', 'v1'],
    ['https://example.com{/:locale}?/files/:version/*', 'https://example.com/files/v1/a', 'models', 'v1'],
    [
      'https://example.com{/:locale}?/files/:version/*',
      'https://example.com/de/files/v1/a',
      'models-de',
      'v1',
    ],
    ['https://example.com/m-:version.tar', 'https://example.com/m-v1.2.tar', 'models', 'v1.2'],
    ['https://example.com/m-:version.tar', 'https://example.com/m-a.tar.gz.tar', 'models', 'a.tar.gz'],
    ['https://example.com/:locale-:version/*', 'https://example.com/en-v1-rc/a', 'models-en', 'v1-rc'],
    ['https://example.com/*/models/:version/*', 'https://example.com/a/b/models/v1/c', 'models', 'v1'],
    ['https://example.com/*/:version/model.onnx', 'https://example.com/a/b/v1/model.onnx', 'models', 'v1'],
    ['https://example.com/:version?', 'https://example.com/v1', 'models', 'v1'],
    ['https://example.com/a\\:b/:version/*', 'https://example.com/a:b/v1/c', 'models', 'v1'],
    ['/models/:version/*', 'https://app.example.com/models/v1/a', 'models', 'v1'],
  ])('%s matches %s', (url, key, line, version) => {
    expect(releaseIn({url}, key)).toEqual({line, version});
  });

  it.each([
    [`${BUCKET}/:locale/:version/*`, `${BUCKET}/en-us/v1`],
    [`${BUCKET}/:version/*`, `https://evil.test/?${BUCKET}/v1/a`],
    [`${BUCKET}/:version/*`, `${BUCKET}/?v1/a`],
    ['https://*.example.com/:version/*', 'https://example.com/v1/a'],
    ['https://*.example.com/:version/*', 'https://evil.test/.example.com/v1/a'],
    ['https://example.com/:version/*', 'https://exampleXcom/v1/a'],
    ['https://example.com/:version/*', 'https://example.com:8443/v1/a'],
    ['https://example.com/:version/*', 'http://example.com/v1/a'],
    ['https://example.com/m-:version.tar', 'https://example.com/m-v1.tar.gz'],
    ['https://example.com/*/models/:version/*', 'https://example.com/a?/models/v1/c'],
    ['/models/:version/*', 'https://example.com/other/models/v1/a'],
    ['/models/:version/*', 'https://example.com/?/models/v1/a'],
    [`${BUCKET}/:version/*`, `${BUCKET}/v1/${'a'.repeat(8000)}`],
  ])('%s does not match %s', (url, key) => {
    expect(releaseIn({url}, key)).toBeUndefined();
  });

  it('can name no version', () => {
    const url = 'https://example.com/models/:locale/*';
    expect(releaseIn({url, unversioned: true}, 'https://example.com/models/en/a')).toEqual({
      line: 'models-en',
      version: undefined,
    });
  });

  it('matches after its first character where it is a path, so that Workbox uses it for the own origin alone', () => {
    const {urlPattern} = release({name: 'models', url: '/models/:version/*'});
    expect(urlPattern.exec('https://example.com/models/v1/a')?.index).toBe(19);
  });

  // A polynomial pattern would take minutes.
  it.each([
    [`https://example.com/${'*a'.repeat(8)}/:version/*`, `https://example.com/${'a'.repeat(7900)}`],
    ['https://example.com/:a-:b-:c-:version/*', `https://example.com/${'-'.repeat(7900)}`],
    ['https://example.com/*/:a/:b/:version/x', `https://example.com/${'a/'.repeat(3900)}`],
    ['https://*.a.*.a.*.b/:version/*', `https://${'a.'.repeat(3900)}/`],
    ['https://example.com{/:a}?{/:b}?{/:c}?/:version/*', `https://example.com/${'/'.repeat(7900)}`],
    ['/*/a/*/b/:version/x', `https://example.com/${'a/'.repeat(3900)}`],
  ])('%s takes linear time', (url, key) => {
    expect(releaseIn({url}, key)).toBeUndefined();
  });
});

describe('options', () => {
  const NAMES = 'name, url, handler, resumable, unversioned, html, stableKey, quotaGuard, integrity, budget';

  it.each([
    [{}, "option 'name' must be a non-empty string, but got undefined."],
    [{name: 'a', url: 7}, "option 'url' must be a pattern for URLs, but got 7."],
    [{name: 'a', resumeable: true}, `option 'resumeable' must be one of ${NAMES}, but got "resumeable".`],
    [
      {name: 'a', url: '/:version/*', resumable: true, handler: 'CacheFirst'},
      `option 'handler' must be 'ResumableCacheFirst' or left out, since resumable is true, but got "CacheFirst".`,
    ],
    [
      {name: 'a', url: '/models/*'},
      "option 'url' must be a pattern with :version, which names the release. For URLs without one, add " +
        '`unversioned: true`, but got "/models/*".',
    ],
    [
      {name: 'a', url: '/:version/*', unversioned: true},
      `option 'url' must be without :version, since unversioned is true, but got "/:version/*".`,
    ],
    [
      {name: 'a', url: 'https://hf.co/org/m/resolve/:version/*'},
      `option 'url' must match the stable keys of its URLs, but got "https://hf.co/org/m/resolve/:version/*". ` +
        'Write "https://huggingface.co/org/m/resolve/:version/*".',
    ],
    [
      {name: 'a', url: 'https://Example.com/:version/ä/*'},
      `option 'url' must match the stable keys of its URLs, but got "https://Example.com/:version/ä/*". ` +
        'Write "https://example.com/:version/%C3%A4/*".',
    ],
    [
      {name: 'a', url: 'https://example.com/:version(v\\d+)/*'},
      String.raw`option 'url' is "https://example.com/:version(v\\d+)/*", but regular expressions in parentheses are not ` +
        'supported: they can take exponential time.',
    ],
    [
      {name: 'a', url: 'example.com/:version/*'},
      `option 'url' is "example.com/:version/*", but it must be an absolute URL with a path, or a path that begins with '/'.`,
    ],
    [
      {name: 'a', url: 'https://example.com/a.bin?v=:version'},
      `option 'url' is "https://example.com/a.bin?v=:version", but queries and fragments are not supported: leave them ` +
        'out, and any query matches.',
    ],
    [
      {name: 'a', url: 'https://example.com/:version/:version'},
      `option 'url' is "https://example.com/:version/:version", but ':version' must be a name that occurs once.`,
    ],
    [
      {name: 'a', url: 'https://example.com/:version+'},
      `option 'url' is "https://example.com/:version+", but '+' after a name or a group is not supported.`,
    ],
    [
      {name: 'a', url: 'https://example.com/*/a-:version/b'},
      `option 'url' is "https://example.com/*/a-:version/b", but after '*', ':version' must begin a segment.`,
    ],
    [
      {name: 'a', url: 'https://example.com/:version{'},
      `option 'url' is "https://example.com/:version{", but `,
    ],
  ])('%o are refused with the reason', (options, message) => {
    expect(() => release(options as ReleaseOptions)).toThrow(TypeError);
    expect(() => release(options as ReleaseOptions)).toThrow(`release: ${message}`);
  });
});
