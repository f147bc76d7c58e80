/** Every pattern that a worker compares with URLs takes linear time, also on a URL that somebody made to be slow. */
import {checkSync} from 'recheck';
import {expect, it} from 'vitest';
import {providers} from '../keys/providers.ts';
import {signatures} from '../keys/signatures.ts';
import {NO_LONG_URL} from './glob.ts';
import {
  cdnjs,
  glob,
  huggingFace,
  isolatedPages,
  isPluginEntry,
  jsDelivr,
  pyodide,
  pypiFiles,
  type RouteEntry,
  release,
  transformersJs,
  unpkg,
  wheels,
} from './index.ts';

const words = (text = ''): string[] => text.split(' ').filter(Boolean);

const inTables = [...Object.values(providers), ...Object.values(signatures)]
  .flat()
  .flatMap(({path, all, any, drop}) => [
    ...words(path),
    ...words(`${all ?? ''} ${any ?? ''}`).flatMap((marker) => marker.split(/=(.*)/s)[1] || []),
    ...words(drop),
  ]);

const inRoutes = ({urlPattern, options}: RouteEntry): string[] => [
  urlPattern.source,
  ...options.plugins.flatMap((plugin) =>
    isPluginEntry(plugin) && plugin.holdfast === 'versionScope' ? plugin.options.pattern.source : [],
  ),
];

const recipes = [
  cdnjs(),
  huggingFace({mirror: 'https://example.org/hub'}),
  isolatedPages(),
  jsDelivr(),
  pyodide(),
  pypiFiles(),
  transformersJs(),
  unpkg(),
  wheels({from: 'https://example.org/*'}),
  release({name: 'a', url: 'https://*.example.org/:locale/:version/*'}),
  release({name: 'a', url: 'http{s}?://:user.example.org{/:locale}?/:version/*/a/*'}),
  release({name: 'a', url: '/*/:a/:version/b/:b.onnx'}),
].flat();

const globs = ['https://huggingface.co/*/resolve/*/onnx/*.onnx', '*a?b*c*d', 'https://*/a/*/b/*.bin'];

const patterns = [...inTables, ...recipes.flatMap(inRoutes), ...globs.map((one) => glob(one).source)];

// Without what bounds the length: without it, too, they are linear.
const unbounded = [...new Set(patterns)].map((source) => source.replaceAll(NO_LONG_URL, ''));

const looksAround = (source: string): boolean => /\(\?<?[=!]/.test(source);

it.each(unbounded.filter((source) => !looksAround(source)))('%s', {timeout: 60_000}, (source) => {
  // The checker gives up on a pattern with very many states.
  expect(checkSync(source, '', {checker: 'automaton', timeout: 2000}).status).not.toBe('vulnerable');
});

it('a pattern that is not linear is found', {timeout: 60_000}, () => {
  expect(checkSync('exp=\\d+.*hmac', '', {checker: 'automaton'}).status).toBe('vulnerable');
});

/** URLs that patterns match as a whole or in part. */
const samples = [
  'https://huggingface.co/api/resolve-cache/models/org/m/fbd996df9489a76f0e1323311a17e9dccdbde88b/onnx/a.onnx',
  'https://example.org/hub/datasets/org/m/resolve/refs%2Fpr%2F1/onnx/a.onnx',
  'https://us.aws.cdn.hf.co/xet-bridge-us/0123456789abcdef01234567/X-Xet-Signed-Range=',
  'https://cdn.jsdelivr.net/npm/@scope/name@1.2.3-dev.1/dist/a.js?meta',
  'https://unpkg.com/onnxruntime-web@1.2.3/dist/a.html',
  'https://cdnjs.cloudflare.com/ajax/libs/three.js/r128/a.js',
  'https://files.pythonhosted.org/packages/0a/py-3-foo-1.0-py3-none-any.whl.metadata',
  'https://files.pythonhosted.org/packages/0a/py-3-foo-1.0.tar.gz',
  'https://a.example.org/en/v1/a/b.onnx',
  '/hdnts=st=1~exp=1~acl=/*~hmac=0a/DMF1ucDxtHCxwYQ_-abc12==,1767225600/p/a/n/a/b/a/o/a',
  'st=1~exp=1~acl=%2F*~hmac=0a',
];

it('patterns that look around take no more than linear time', {timeout: 120_000}, () => {
  const around = unbounded.filter(looksAround).map((source) => new RegExp(source));
  expect(around.length).toBeGreaterThan(10);
  // Each part of each sample is repeated, and spoiled at its end. With one polynomial pattern this would take minutes.
  for (const sample of samples) {
    for (let start = 0; start < sample.length; start++) {
      for (const length of [1, 4]) {
        const part = sample.slice(start, start + length);
        const url = `${sample.slice(0, start)}${part.repeat(20_000 / length)}${sample.slice(start)}\n`;
        for (const pattern of around) {
          pattern.test(url);
        }
      }
    }
  }
});

it.each(recipes.map(({urlPattern}) => urlPattern))('%s passes by long URLs', (urlPattern) => {
  expect(urlPattern.source).toContain('(?!.{8001})');
});
