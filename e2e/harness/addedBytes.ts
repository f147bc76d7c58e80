import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {gzipSync} from 'node:zlib';
import {budget, quotaGuard, type RouteOptions, stableKey, versionScope, withHoldfast} from '@holdfast/build';
import {generateSW} from 'workbox-build';

/** A route whose worker is measured. */
export interface Way extends RouteOptions {
  handler?: 'CacheFirst' | 'ResumableCacheFirst';
  staging?: boolean;
}

const scope = () =>
  versionScope({prefix: 'models', pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//});
const plugins = () => [stableKey(), quotaGuard(), scope()];

/** What is measured, by what the documents call it. `workbox` and `workbox+expiration` have none of our plugins. */
export const WAYS = {
  'all three': {cacheName: 'models', plugins: plugins()},
  'all three with `ResumableCacheFirst`': {
    cacheName: 'models',
    plugins: plugins(),
    handler: 'ResumableCacheFirst',
  },
  'all three with staging': {cacheName: 'models', plugins: plugins(), staging: true},
  'all three with both': {
    cacheName: 'models',
    plugins: plugins(),
    handler: 'ResumableCacheFirst',
    staging: true,
  },
  'all three with `budget`': {cacheName: 'models', plugins: [...plugins(), budget({maxBytes: '1 GB'})]},
  workbox: {cacheName: 'models'},
  'workbox+expiration': {cacheName: 'models', expiration: {maxEntries: 20}},
  'only `stableKey`': {cacheName: 'models', plugins: [stableKey()]},
  'only `quotaGuard`': {cacheName: 'models', plugins: [quotaGuard()]},
  '`quotaGuard` and `budget`': {cacheName: 'models', plugins: [quotaGuard(), budget({maxBytes: '1 GB'})]},
  'only `versionScope`': {cacheName: 'models', plugins: [scope()]},
} as const satisfies Record<string, Way>;

/** Returns the bytes of a production worker with Workbox's runtime inlined, gzipped. */
export const workerBytes = async (
  {handler = 'CacheFirst', staging, ...options}: Way,
  babelPresetEnvTargets?: string[],
): Promise<number> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-bytes-'));
  try {
    const swDest = join(folder, 'sw.js');
    const targets = babelPresetEnvTargets ? {babelPresetEnvTargets} : {};
    const runtimeCaching = [{urlPattern: /^https:\/\/huggingface\.co\//, handler, options}];
    const config = {swDest, mode: 'production', inlineWorkboxRuntime: true, sourcemap: false, runtimeCaching};
    await generateSW(withHoldfast({...config, ...targets}, {staging}));
    return gzipSync(await readFile(swDest), {level: 9}).length;
  } finally {
    await rm(folder, {recursive: true});
  }
};
