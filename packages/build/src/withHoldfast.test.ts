import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, expectTypeOf, it, vi} from 'vitest';
import {type GenerateSWOptions, generateSW} from 'workbox-build';
import type {Config, PreparedRoute, WithRoutes} from './config.ts';
import {
  crossOriginIsolation,
  type HoldfastOptions,
  huggingFace,
  integrity,
  isolatedPages,
  onlyIfChanged,
  type PluginEntry,
  pyodide,
  quotaGuard,
  type RouteOptions,
  release,
  stableKey,
  versionScope,
  withHoldfast,
} from './index.ts';

// Each bundles a worker, and some several.
vi.setConfig({testTimeout: 120_000});

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
  const swDest = join(folder, name, 'sw.js');
  // In half the time of a production build.
  const config = {
    swDest,
    mode: 'development',
    sourcemap: false,
    runtimeCaching: [models, images],
    ...options,
  };
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
    expect(count(worker, 'no-room')).toBeGreaterThan(0);
  });

  it("adds no file to those of Workbox's own runtime", async () => {
    await build('external', {mode, inlineWorkboxRuntime: false, sourcemap: false});

    const files = await readdir(join(folder, 'external'));
    expect(files.toSorted()).toEqual(['sw.js', expect.stringMatching(/^workbox-[\da-f]+\.js$/)]);
  });

  it('lets the source map show the real sources', async () => {
    await build('mapped', {mode, inlineWorkboxRuntime: true, sourcemap: true});

    const map = JSON.parse(await readFile(join(folder, 'mapped', 'sw.js.map'), 'utf8'));
    expect(map.sources).toContainEqual(
      expect.stringContaining('service-worker/dist/releases/PlainVersionScopePlugin.js'),
    );
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
    {listing: true},
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

  it('comes with the routes of release(), unless it is turned off', async () => {
    const runtimeCaching = [release({name: 'models', url: 'https://example.com/:version/*'})];
    expect(await build('with', {...readable, runtimeCaching})).toContain('HOLDFAST_STAGE:');
    const without = await build('without', {...readable, runtimeCaching}, {staging: false});
    expect(without).not.toContain('HOLDFAST_STAGE');
    expect(without).toContain('HOLDFAST_SWITCH_VERSION');
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

describe('listing', () => {
  it('is in the worker only if it is asked for', async () => {
    const readable = {mode: 'development', inlineWorkboxRuntime: true, sourcemap: false} as const;
    expect(await build('without', readable)).not.toContain('HOLDFAST_LIST_RELEASES');
    expect(await build('with', readable, {listing: true})).toContain('HOLDFAST_LIST_RELEASES:');
  });
});

describe('inspection', () => {
  it('is in the worker only if it is asked for', async () => {
    const readable = {mode: 'development', inlineWorkboxRuntime: true, sourcemap: false} as const;
    expect(await build('without', readable)).not.toContain('HOLDFAST_EXPLAIN');
    expect(await build('with', readable, {inspection: true})).toContain('HOLDFAST_EXPLAIN:');
  });
});

it.each(['staging', 'listing', 'inspection'])(
  'says where the option %s belongs when it stands among those of Workbox',
  (name) => {
    expect(() => withHoldfast({runtimeCaching: [models], [name]: true})).toThrow(
      `withHoldfast: '${name}' is no field of the configuration, but an option of its own: withHoldfast({…}, {${name}: true}).`,
    );
  },
);

it('takes a configuration that is annotated with the options of a tool', () => {
  const config: WithRoutes<GenerateSWOptions> = {swDest: 'sw.js', runtimeCaching: [models, images]};
  const prepared: GenerateSWOptions = withHoldfast(config);
  expect(prepared.runtimeCaching?.length).toBeGreaterThan(2);
});

describe('adoption', () => {
  it('is in the worker only if caches are named', async () => {
    const readable = {mode: 'development', inlineWorkboxRuntime: true, sourcemap: false} as const;
    expect(await build('with', readable, {adopt: ['models', "another one's"]})).toContain(
      `["models", "another one's"]`,
    );
    expect(await build('without', readable, {adopt: []})).not.toContain('OldCaches');
  });

  it.each([['models'], [[7]], [['']], [true]])('is refused of %j', (adopt) => {
    expect(() => withHoldfast({}, {adopt: adopt as never})).toThrow(
      `withHoldfast: option 'adopt' must be a list of names of caches, but got ${JSON.stringify(adopt)}.`,
    );
  });
});

describe('the tables of keys', () => {
  const keysOf = (runtimeCaching: readonly object[]): string[] => {
    const prepared = withHoldfast({runtimeCaching: runtimeCaching as never})
      .runtimeCaching as PreparedRoute[];
    return prepared.flatMap(({options, urlPattern}) =>
      [...((options?.plugins ?? []) as unknown[]), urlPattern]
        .map(String)
        .filter((text) => /table/i.test(text)),
    );
  };

  it('are those that the hosts of the routes need, once', () => {
    const other = {...models, urlPattern: /^https:\/\/huggingface\.co\/other\//};
    const [one, two, rest = ''] = keysOf([other, models]);
    expect(one).toBe('new holdfast_PlainStableKeyPlugin({}, holdfast_tables())');
    expect(two).toBe(one);
    expect(rest).toContain('"/resolve"');
    expect(rest).not.toContain('X-Amz');
  });

  it('are those that the routes name', () => {
    const named = {plugins: [stableKey({tables: ['signatureV4']})]};
    const [key, rest = ''] = keysOf([{...models, urlPattern: /anything/, options: named}]);
    expect(key).toBe('new holdfast_PlainStableKeyPlugin({}, holdfast_tables())');
    expect(rest).toMatch(/x-amz/i);
    expect(rest).not.toContain('"/resolve"');
  });

  it('are all of them where one host is not known', () => {
    const [one, two, rest] = keysOf([models, {...models, urlPattern: /\/resolve\//}]);
    expect(one).toBe('new holdfast_StableKeyPlugin({})');
    expect(two).toBe(one);
    expect(rest).not.toContain('holdfast_tables');
  });
});

describe('integrity()', () => {
  const readable = {mode: 'development', inlineWorkboxRuntime: true, sourcemap: false} as const;
  const withAssets = (plugin: PluginEntry) => ({
    ...models,
    options: {plugins: [scope, plugin, stableKey(), quotaGuard()]},
  });

  it('checks listed assets, in its place among the plugins', () => {
    const digest = {algorithm: 'sha384', hex: '0'.repeat(96)} as const;
    const plugin = integrity({assets: [{url: 'https://huggingface.co/a', digest}]});
    const [route] = withHoldfast({runtimeCaching: [withAssets(plugin)]}).runtimeCaching;

    const made = (route as PreparedRoute).options.plugins.map(
      (text: unknown) => /new \w+?_(\w+)/.exec(String(text))?.[1],
    );
    expect(made).toEqual([
      'PlainStableKeyPlugin',
      'StrictQuotaGuardPlugin',
      'IntegrityPlugin',
      'PlainVersionScopePlugin',
    ]);
  });

  it('takes the assets of a manifest file', async () => {
    const sha256 = '1'.repeat(64);
    const manifest = join(folder, 'manifest.json');
    await writeFile(manifest, JSON.stringify({holdfast: 1, assets: [{path: 'a b.onnx', size: 7, sha256}]}));
    const plugin = integrity({manifest, base: 'https://huggingface.co/models/v1/', mode: 'before-serving'});
    const worker = await build('manifest', {...readable, runtimeCaching: [withAssets(plugin)]});

    expect(worker).toContain('"https://huggingface.co/models/v1/a%20b.onnx"');
    expect(worker).toContain(`"hex": "${sha256}"`);
    expect(worker).not.toContain(folder);
    expect(worker).toContain('new PlainIntegrityPlugin({');
    expect(worker).not.toContain('class SHA256');
  });

  it('names the file that is no manifest', async () => {
    const manifest = join(folder, 'broken.json');
    await writeFile(manifest, '{"holdfast": 1}');
    expect(() => integrity({manifest, base: 'https://huggingface.co/'})).toThrow(/assets/);
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

    expect(worker).toContain('HOLDFAST_DOWNLOAD:');
    const [, source = ''] = /new ResumableCacheFirst\((\{\s*"cacheName".*?)\), 'GET'\);/s.exec(worker) ?? [];
    expect(source.replaceAll(/\s+/g, '')).toBe(
      '{"cacheName":"models","minBytes":1000000,"plugins":[newPlainStableKeyPlugin({},holdfast_tables()),newVersionScopePlugin({' +
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

    const made = worker.matchAll(/new ResumableCacheFirst\((\{\s*"plugins".*?\})\), 'GET'\);/gs);
    const plugins = ['PlainStableKeyPlugin', 'StrictQuotaGuardPlugin', 'PlainVersionScopePlugin'];
    expect(
      Array.from(made, ([, source = '']) =>
        Array.from(source.matchAll(/new (\w+Plugin)\(/g), ([, name]) => name),
      ),
    ).toEqual([plugins, plugins]);
    expect(count(worker, 'new StaleWhileRevalidate({')).toBe(2);
    expect(count(worker, 'HOLDFAST_DOWNLOAD:')).toBe(1);
    expect(worker).toMatch(/^\s*setUp\(\[downloads\(\)\]\);$/m);
  });

  it.each<[RouteOptions, string]>([
    [{minBytes: -1}, "'minBytes' must be a number of bytes, but got -1"],
    [{pieceBytes: 1}, "'pieceBytes' must be 65536 bytes or more, but got 1"],
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
  const prepared = withHoldfast({
    swDest: join(folder, 'watched.js'),
    mode: 'development',
    sourcemap: false,
    runtimeCaching: [models, images],
  });
  const rebuild = async (): Promise<string> => {
    await generateSW(prepared);
    return readFile(prepared.swDest, 'utf8');
  };

  const [one, two, first] = await Promise.all([build('one'), build('two'), rebuild()]);
  const again = await rebuild();

  expect(two).toBe(one);
  expect(again).toBe(first);
  expect(again).toBe(one);
});

it('puts the plugins in order, whatever order they are listed in, with others behind the key', () => {
  const other = {fetchDidFail: async () => {}};
  const plugins = [crossOriginIsolation(), scope, other, quotaGuard(), stableKey()];

  const {runtimeCaching} = withHoldfast({runtimeCaching: [{...models, options: {plugins}}]});

  const inWorker = runtimeCaching[0]?.options.plugins.map((plugin: unknown) =>
    (plugin as typeof other).fetchDidFail ? 'other' : /new \w+?_(\w+)/.exec(String(plugin))?.[1],
  );
  expect(inWorker).toEqual([
    'PlainStableKeyPlugin',
    'other',
    'StrictQuotaGuardPlugin',
    'PlainVersionScopePlugin',
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
