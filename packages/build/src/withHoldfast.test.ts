import {mkdtemp, readdir, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {huggingFace, isolatedPages, pyodide} from '@holdfast/service-worker/recipes';
import {afterEach, beforeEach, describe, expect, expectTypeOf, it, vi} from 'vitest';
import {type GenerateSWOptions, generateSW} from 'workbox-build';
import type {Config, PreparedRoute} from './config.ts';
import {
  crossOriginIsolation,
  type HoldfastOptions,
  onlyIfChanged,
  quotaGuard,
  type RouteOptions,
  stableKey,
  versionScope,
  withHoldfast,
} from './index.ts';

// Each bundles a worker, and some several.
vi.setConfig({testTimeout: 60_000});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-build-'));
});

afterEach(() => rm(folder, {recursive: true}));

const scope = versionScope({prefix: 'models', pattern: /\/resolve\/(?<version>[^/]+)\//});

const models = {
  urlPattern: /^https:\/\/huggingface\.co\//,
  handler: 'CacheFirst' as const,
  options: {cacheName: 'models', plugins: [stableKey(), quotaGuard(), scope]},
};

const images = {
  urlPattern: /\.png$/,
  handler: 'CacheFirst' as const,
  options: {cacheName: 'images', expiration: {maxEntries: 7}},
};

const build = async (
  name: string,
  options: Partial<Omit<GenerateSWOptions, 'runtimeCaching'>> & Config = {},
  ours: HoldfastOptions = {},
): Promise<string> => {
  const config = {swDest: join(folder, name, 'sw.js'), runtimeCaching: [models, images], ...options};
  const {warnings} = await generateSW(withHoldfast(config, ours));
  expect(warnings).toEqual([]);
  return readFile(config.swDest, 'utf8');
};

const freeze = <Value>(value: Value): Value => {
  if (value instanceof Object && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
};

/** How often one thing stands in another. */
const count = (text: string, part: string): number => text.split(part).length - 1;

describe.each(['production', 'development'])('in %s', (mode) => {
  it('puts the plugins into the worker, once, and nothing beside it', async () => {
    const worker = await build('inline', {mode, inlineWorkboxRuntime: true, sourcemap: false});

    expect(await readdir(join(folder, 'inline'))).toEqual(['sw.js']);
    expect(count(worker, 'HOLDFAST_SWITCH_VERSION')).toBe(1);
    expect(count(worker, 'holdfast-quota-guard')).toBeGreaterThan(0);
  });

  it("adds no file to those of Workbox's own runtime", async () => {
    await build('external', {mode, inlineWorkboxRuntime: false, sourcemap: false});

    const files = await readdir(join(folder, 'external'));
    expect(files.toSorted()).toEqual(['sw.js', expect.stringMatching(/^workbox-[\da-f]+\.js$/)]);
  });

  it('lets the source map show the real sources', async () => {
    await build('mapped', {mode, inlineWorkboxRuntime: true, sourcemap: true});

    const map = JSON.parse(await readFile(join(folder, 'mapped', 'sw.js.map'), 'utf8'));
    expect(map.sources).toContainEqual(expect.stringContaining('version-scope/dist/VersionScopePlugin.js'));
  });
});

/** A worker with everything that there is, as one can read it. */
const everything = (): Promise<string> =>
  build(
    'everything',
    {
      mode: 'development',
      inlineWorkboxRuntime: true,
      sourcemap: false,
      runtimeCaching: [
        {
          ...models,
          options: {
            plugins: [...models.options.plugins, onlyIfChanged(), crossOriginIsolation()],
            expiration: {maxEntries: 7},
            broadcastUpdate: {options: {}},
          },
        },
      ],
    },
    {staging: true},
  );

it('has one workbox-core, so that quota errors reach all plugins', async () => {
  expect(count(await everything(), 'function registerQuotaErrorCallback(')).toBe(1);
});

describe('staging', () => {
  const readable = {mode: 'development', inlineWorkboxRuntime: true, sourcemap: false} as const;

  it('is in the worker only if it is asked for', async () => {
    expect(await build('without', readable)).not.toContain('HOLDFAST_STAGE');
    expect(await build('with', readable, {staging: true})).toContain('HOLDFAST_STAGE:');
  });

  it('makes the keys of manifests as the routes make theirs', async () => {
    const mirrored = (host: string) => ({
      ...models,
      options: {plugins: [stableKey({providers: [{hosts: host, drop: 'session'}]}), scope]},
    });
    const worker = await build(
      'mirrored',
      {...readable, runtimeCaching: [mirrored('one.example.com'), mirrored('two.example.com')]},
      {staging: true},
    );

    const [, call = ''] = /handleReleaseMessages\((\{.*?\})\);/s.exec(worker) ?? [];
    expect(call.replaceAll(/\s+/g, '')).toBe(
      '{stableKey:createStableKey({"schemes":[],"providers":[' +
        '{"hosts":"one.example.com","drop":"session"},{"hosts":"two.example.com","drop":"session"}]})}',
    );
  });

  it('is refused without releases to stage, and so is what is no option', () => {
    expect(() => withHoldfast({runtimeCaching: [images]}, {staging: true})).toThrow(
      'staging needs a route with versionScope()',
    );
    expect(() => withHoldfast({runtimeCaching: [models]}, {staging: 'yes'} as never)).toThrow(
      "option 'staging' must be true or false, but got yes",
    );
    expect(() => withHoldfast({runtimeCaching: [models]}, {stage: true} as never)).toThrow(
      "there is no option 'stage'",
    );
  });
});

describe('the handler ResumableCacheFirst', () => {
  const large = (options: RouteOptions) => ({...models, handler: 'ResumableCacheFirst' as const, options});
  const readable = {mode: 'development', inlineWorkboxRuntime: true, sourcemap: false} as const;

  it('is in the worker, with its sizes, its plugins in their order, and expiration on the releases', async () => {
    const note = {cacheDidUpdate: async () => console.log('stored')};
    const worker = await build('large', {
      ...readable,
      runtimeCaching: [
        large({
          cacheName: 'models',
          minBytes: 1_000_000,
          expiration: {maxEntries: 7},
          plugins: [scope, note, stableKey()],
        }),
      ],
    });

    expect(worker).toContain('HOLDFAST_DOWNLOAD_STATE');
    const [, source = ''] = /new ResumableCacheFirst\((\{\s*"cacheName".*?)\), 'GET'\);/s.exec(worker) ?? [];
    expect(source.replaceAll(/\s+/g, '')).toBe(
      '{"cacheName":"models","minBytes":1000000,"plugins":[newStableKeyPlugin({}),newVersionScopePlugin({' +
        '"prefix":"models","pattern":newRegExp("\\\\/resolve\\\\/(?<version>[^/]+)\\\\/",""),' +
        '"plugins":[{cacheDidUpdate:async()=>console.log("stored")},newExpirationPlugin({maxEntries:7})]})]}',
    );
  });

  it('needs none of our plugins', async () => {
    const worker = await build('alone', {...readable, runtimeCaching: [large({pieceBytes: 100_000})]});
    expect(worker).toMatch(/new ResumableCacheFirst\(\{\s*"pieceBytes": 100000,\s*"plugins": \[\]\s*\}\)/);
  });

  it('is that of a recipe whose routes are resumable, with the plugins of the recipe', async () => {
    const worker = await build('recipe', {...readable, runtimeCaching: huggingFace({resumable: true})});

    const made = worker.matchAll(/new ResumableCacheFirst\((\{.*?\})\), 'GET'\);/gs);
    const plugins = ['StableKeyPlugin', 'QuotaGuardPlugin', 'VersionScopePlugin'];
    expect(
      Array.from(made, ([, source = '']) =>
        Array.from(source.matchAll(/new (\w+Plugin)\(/g), ([, name]) => name),
      ),
    ).toEqual([plugins, plugins]);
    expect(count(worker, 'new StaleWhileRevalidate({')).toBe(2);
    expect(count(worker, 'HOLDFAST_DOWNLOAD_STATE')).toBe(1);
    expect(worker).toMatch(/^\s*handleDownloadMessages\(\);$/m);
  });

  it.each<[RouteOptions, string]>([
    [{minBytes: -1}, 'minBytes must be a number of bytes, but got -1'],
    [{pieceBytes: 1}, 'pieceBytes must be 65536 bytes or more, but got 1'],
    [
      {rangeRequests: true},
      'options.rangeRequests is a plugin that Workbox makes for its own strategies only',
    ],
    [{expiration: {maxEntries: 7}}, 'options.expiration is a plugin that Workbox makes'],
  ])('is refused with %o', (options, message) => {
    expect(() => withHoldfast({runtimeCaching: [large(options)]})).toThrow(message);
  });
});

// See workbox-plugins.ts.
it("leaves none of our code in the worker when Workbox's runtime has a file of its own", async () => {
  const worker = await build('apart', {mode: 'development', inlineWorkboxRuntime: false, sourcemap: false});

  expect(worker).toContain('VersionScopePlugin({');
  expect(worker).not.toContain('class VersionScopePlugin');
});

it("uses none of Babel's helpers, so that what a user writes may use them in the other file", async () => {
  const withHelpers = {
    urlPattern: /^\/(?<language>\w+)\//,
    handler: 'CacheFirst' as const,
    options: {
      plugins: [
        {requestWillFetch: async ({request}: {request: Request}) => new Request({...request}.url)},
        stableKey(),
      ],
    },
  };
  const all = {
    ...models,
    options: {plugins: [...models.options.plugins, onlyIfChanged(), crossOriginIsolation()]},
  };
  const large = {...images, handler: 'ResumableCacheFirst' as const, options: {cacheName: 'large'}};
  const worker = await build(
    'helpers',
    {
      mode: 'development',
      inlineWorkboxRuntime: false,
      sourcemap: false,
      runtimeCaching: [withHelpers, all, large],
    },
    {staging: true},
  );

  expect(worker).toMatch(/function _extends/);
  expect(worker).not.toMatch(/workbox\._/);
  expect(worker).toContain('new RegExp("^\\\\/(?<language>');
});

it('does not touch the given configuration, nor what it says nothing of', () => {
  const config = freeze({
    swDest: 'sw.js',
    clientsClaim: true,
    manifestTransforms: [],
    runtimeCaching: [images, models],
  });

  const {runtimeCaching, ...rest} = withHoldfast(config);

  const {runtimeCaching: _, ...before} = config;
  expect(rest).toEqual(before);
  expect(runtimeCaching[0]).toBe(images);
  const {source} = models.urlPattern;
  expect(String(runtimeCaching[1]?.urlPattern)).toBe(`new RegExp(${JSON.stringify(source)}, "")`);
  expect(runtimeCaching[1]).toMatchObject({handler: 'CacheFirst', options: {cacheName: 'models'}});
});

it('leaves a configuration alone that has none of our plugins', () => {
  expect(withHoldfast({runtimeCaching: [images]})).toEqual({runtimeCaching: [images]});
  expect(withHoldfast({swDest: 'sw.js', runtimeCaching: []})).toEqual({swDest: 'sw.js', runtimeCaching: []});
});

it('takes the routes of recipes, also those about some kinds of requests', async () => {
  const worker = await build('recipes', {
    mode: 'production',
    inlineWorkboxRuntime: true,
    sourcemap: false,
    runtimeCaching: [...pyodide(), ...isolatedPages()],
  });

  expect(worker).toContain('cross-origin-embedder-policy');
  expect(worker).toContain('"sharedworker"');
});

it('makes the same worker again and again: several builds at a time, and one that is watched', async () => {
  const prepared = withHoldfast({swDest: join(folder, 'watched.js'), runtimeCaching: [models, images]});
  const rebuild = async (): Promise<string> => {
    await generateSW(prepared);
    return readFile(prepared.swDest, 'utf8');
  };

  const [one, two, first] = await Promise.all([build('one'), build('two'), rebuild()]);
  const again = await rebuild();

  expect(two).toBe(one);
  expect(again).toBe(first);
  expect(again.replaceAll('watched.js.map', 'sw.js.map')).toBe(one);
});

it('puts the plugins in order, whatever order they are listed in, with others behind the key', () => {
  const other = {fetchDidFail: async () => {}};
  const plugins = [crossOriginIsolation(), scope, other, quotaGuard(), stableKey()];

  const {runtimeCaching} = withHoldfast({runtimeCaching: [{...models, options: {plugins}}]});

  const inWorker = runtimeCaching[0]?.options.plugins.map((plugin: unknown) =>
    (plugin as typeof other).fetchDidFail ? 'other' : /new \w+?_(\w+)/.exec(String(plugin))?.[1],
  );
  expect(inWorker).toEqual([
    'StableKeyPlugin',
    'other',
    'QuotaGuardPlugin',
    'VersionScopePlugin',
    'CrossOriginIsolationPlugin',
  ]);
});

it('hands shorthands that work by cache name to the scope, and leaves the rest to Workbox', () => {
  const options = {
    precacheFallback: {fallbackURL: '/offline.html'},
    plugins: [scope],
    expiration: {maxEntries: 3, purgeOnQuotaError: true},
    broadcastUpdate: {channelName: 'updates', options: {headersToCheck: ['etag']}},
    cacheableResponse: {statuses: [200]},
  };

  const {runtimeCaching} = withHoldfast({runtimeCaching: [{...models, options}]});

  const prepared = runtimeCaching[0]?.options;
  expect(Object.keys(prepared)).toEqual(['cacheableResponse', 'plugins', 'precacheFallback']);
  expect(String(prepared.plugins[0])).toContain(
    '"plugins": [new holdfast_ExpirationPlugin({maxEntries: 3, purgeOnQuotaError: true}), new holdfast_BroadcastUpdatePlugin({channelName: "updates", headersToCheck: ["etag"]})]',
  );
});

it('hands the callbacks of a user’s plugin that get the name of a cache to the scope as well', () => {
  const other = {
    // Tells when.
    cacheDidUpdate: async ({cacheName}: {cacheName: string}) => {
      console.log(cacheName); // Of the release.
    },
    requestWillFetch: async ({request}: {request: Request}) => request,
  };

  const {runtimeCaching} = withHoldfast({runtimeCaching: [{...models, options: {plugins: [other, scope]}}]});

  const [rest, scoped] = (runtimeCaching[0] as PreparedRoute).options.plugins;
  expect(rest).toEqual({requestWillFetch: other.requestWillFetch});
  expect(String(scoped)).toMatch(/"plugins": \[\{cacheDidUpdate: async \(.*console\.log\(cacheName\);.*\}\]/);
  expect(String(scoped)).not.toContain('Of the release');
});

it('fails at the start of a worker that has two versions of Workbox, which would each have half of it', async () => {
  const worker = await build('versions', {mode: 'development', inlineWorkboxRuntime: true, sourcemap: false});
  expect(worker).toMatch(
    /if \(registerRoute !== registerRoute\)\s+throw new Error\('Two versions of Workbox/,
  );
});

it('can be given what it has made', async () => {
  const once = withHoldfast({swDest: join(folder, 'once.js'), runtimeCaching: [models]});
  await generateSW(withHoldfast(once));
});

it('keeps the type of a configuration, and gives parameters theirs', () => {
  const config: Omit<GenerateSWOptions, 'runtimeCaching'> = {swDest: 'sw.js', clientsClaim: true};
  const prepared = withHoldfast({
    ...config,
    manifestTransforms: [
      async (entries) => ({manifest: entries.filter(({size}) => size < 1e6), warnings: []}),
    ],
    runtimeCaching: [
      models,
      images,
      {urlPattern: ({url, sameOrigin}) => sameOrigin && url.pathname === '/', handler: 'NetworkFirst'},
    ],
  });
  expectTypeOf(prepared).toExtend<GenerateSWOptions>();
  expectTypeOf(prepared.clientsClaim).toEqualTypeOf<boolean | undefined>();
  // @ts-expect-error: a strategy that does not exist.
  withHoldfast({runtimeCaching: [{urlPattern: /a/, handler: 'CachFirst'}]});
});
