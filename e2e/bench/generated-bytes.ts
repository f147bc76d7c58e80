// How many bytes do the plugins add to a worker that generateSW makes? Measured in production mode with Workbox's
// runtime inlined, gzipped. The peers are the same worker without our plugins: `workbox`, and with Workbox's own
// plugins, `workbox+expiration`.
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {quotaGuard, type RouteOptions, stableKey, versionScope, withHoldfast} from '@holdfast/build';
import {generateSW} from 'workbox-build';
import {type Figure, printTable, round} from './report/report.ts';

const scope = () =>
  versionScope({prefix: 'models', pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//});

interface Way extends RouteOptions {
  handler?: 'CacheFirst' | 'ResumableCacheFirst';
  staging?: boolean;
}

const plugins = () => [stableKey(), quotaGuard(), scope()];

const ways: Record<string, Way> = {
  holdfast: {cacheName: 'models', plugins: plugins()},
  'with large files': {cacheName: 'models', plugins: plugins(), handler: 'ResumableCacheFirst'},
  'with staging': {cacheName: 'models', plugins: plugins(), staging: true},
  'with both': {cacheName: 'models', plugins: plugins(), handler: 'ResumableCacheFirst', staging: true},
  workbox: {cacheName: 'models'},
  'workbox+expiration': {cacheName: 'models', expiration: {maxEntries: 20}},
  'only stableKey': {cacheName: 'models', plugins: [stableKey()]},
  'only quotaGuard': {cacheName: 'models', plugins: [quotaGuard()]},
  'only versionScope': {cacheName: 'models', plugins: [scope()]},
};

const targets: Record<string, string[] | undefined> = {
  "Workbox's default targets": undefined,
  'Recent browsers': ['chrome >= 110', 'firefox >= 115', 'safari >= 16.4'],
};

const folder = await mkdtemp(join(tmpdir(), 'holdfast-bytes-'));

const bytesOf = async (
  {handler = 'CacheFirst', staging, ...options}: Way,
  babelPresetEnvTargets: string[] | undefined,
): Promise<number> => {
  const swDest = join(folder, 'sw.js');
  await generateSW(
    withHoldfast(
      {
        swDest,
        mode: 'production',
        inlineWorkboxRuntime: true,
        sourcemap: false,
        ...(babelPresetEnvTargets ? {babelPresetEnvTargets} : {}),
        runtimeCaching: [{urlPattern: /^https:\/\/huggingface\.co\//, handler, options}],
      },
      {staging},
    ),
  );
  return gzipSync(await readFile(swDest), {level: 9}).length;
};

const figures: Record<string, Figure & {added: Record<string, number>}> = {};
for (const [title, babelPresetEnvTargets] of Object.entries(targets)) {
  const bytes: Record<string, number> = {};
  for (const [way, options] of Object.entries(ways)) {
    bytes[way] = await bytesOf(options, babelPresetEnvTargets);
  }
  const {holdfast = Number.NaN, workbox = Number.NaN} = bytes;
  figures[title] = {
    unit: 'bytes',
    median: bytes,
    ratio: Object.fromEntries(
      Object.entries(bytes)
        .filter(([way]) => way.startsWith('workbox'))
        .map(([way, value]) => [way, round(holdfast / value)]),
    ),
    added: Object.fromEntries(Object.entries(bytes).map(([way, value]) => [way, value - workbox])),
  };
}
await rm(folder, {recursive: true});

printTable('A generated worker, minified and gzipped', figures);
for (const [title, {added}] of Object.entries(figures)) {
  console.log(`\nAdded to a worker with a CacheFirst route: ${title}`);
  console.table(added);
}
console.log(JSON.stringify({bench: 'generated-bytes', runs: 1, figures}));
