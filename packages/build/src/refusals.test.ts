import {describe, expect, it, vi} from 'vitest';
import type {Config, Route} from './index.ts';
import {
  crossOriginIsolation,
  huggingFace,
  quotaGuard,
  stableKey,
  versionScope,
  withHoldfast,
} from './index.ts';

// A development build of Workbox does not load without it.
vi.stubGlobal('self', globalThis);
const {CrossOriginIsolationPlugin} = await import('@holdfast/service-worker/isolation');
const {StableKeyPlugin} = await import('@holdfast/service-worker/keys');
const {ExpirationPlugin} = await import('workbox-expiration');

const pattern = /\/resolve\/(?<version>[^/]+)\//;
const outside = 'a value that the worker does not have';

/** What a configuration with one route is refused with. */
const refusal = (route: Partial<Route>, more: Partial<Config> = {}): string => {
  try {
    withHoldfast({...more, runtimeCaching: [{urlPattern: /^https:/, handler: 'CacheFirst', ...route}]});
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return (error as Error).message;
  }
  return 'not refused';
};

const ofPlugin = (plugin: unknown, more?: Partial<Config>): string =>
  refusal({options: {plugins: [plugin as ReturnType<typeof stableKey>]}}, more);

class WithMethods {
  readonly #value = 1;
  async cacheDidUpdate(): Promise<void> {
    await Promise.resolve(this.#value);
  }
}

class WithThis {
  static readonly callback = (() => {
    const self = {help: () => undefined};
    return function (this: typeof self) {
      return async () => this.help();
    }.call(self);
  })();
  cacheDidUpdate = async (): Promise<void> => this.help();
  help(): void {}
}

const ROUTE = 'withHoldfast: runtimeCaching[0] (urlPattern /^https:/)';
const PLUGIN = `${ROUTE}.options.plugins[0]`;

it.each([
  [
    'a closure as an option of ours',
    versionScope({prefix: 'models', pattern: (() => pattern) as never}),
    `${PLUGIN} (versionScope()).pattern is a function, which loses what it refers to when it becomes text.`,
  ],
  [
    'an instance of a class as an option of ours',
    quotaGuard({corsHosts: [new URL('https://cdn.example.com')] as never}),
    `${PLUGIN} (quotaGuard()).corsHosts[0] is an instance of URL, of which text keeps nothing.`,
  ],
  [
    'an option that the plugin does not take',
    quotaGuard({opaque: {maxEntries: -1}}),
    `${PLUGIN} (quotaGuard()) does not take its options. QuotaGuardPlugin: option 'opaque.maxEntries'`,
  ],
  [
    'a row of the key that is no rule',
    stableKey({providers: [{hosts: 'https://example.com'}]}),
    `${PLUGIN} (stableKey()) does not take its options.`,
  ],
  [
    'an option that does not exist',
    crossOriginIsolation({policy: 'none'} as never),
    `${PLUGIN} (crossOriginIsolation()) does not take its options.`,
  ],
  [
    'a plugin that does not exist',
    {holdfast: 'sableKey', options: {}},
    `${PLUGIN} (sableKey()) is no plugin`,
  ],
  [
    'an instance of one of our plugins',
    new StableKeyPlugin(),
    `${PLUGIN} is an instance of StableKeyPlugin, of which text keeps nothing. Use stableKey() of @holdfast/build`,
  ],
  [
    'an instance of another of our plugins',
    new CrossOriginIsolationPlugin(),
    'Use crossOriginIsolation() of @holdfast/build',
  ],
  [
    "an instance of one of Workbox's",
    new ExpirationPlugin({maxEntries: 1}),
    "Use the route's option 'expiration'",
  ],
  [
    'an instance of a class of one’s own, which Workbox would write down as {}',
    new WithMethods(),
    `${PLUGIN} is an instance of WithMethods, of which text keeps nothing. Use an object that has nothing but`,
  ],
  [
    'an instance whose callback needs its other methods',
    new WithThis(),
    `${PLUGIN} is an instance of WithThis, of which text keeps nothing.`,
  ],
  [
    "a callback that uses the 'this' of where it was written",
    {cacheDidUpdate: WithThis.callback},
    `${PLUGIN}.cacheDidUpdate uses the 'this' of where it was written`,
  ],
  [
    'a plugin that was not called',
    stableKey,
    `${PLUGIN} is a function. A plugin is an object: write stableKey()`,
  ],
  ['a plugin that a condition left out', false, `${PLUGIN} is false. A plugin is an object`],
  ['options that are none', stableKey(null as never), `${PLUGIN} (stableKey()) has null for its options.`],
  [
    'a scope without options',
    (versionScope as () => unknown)(),
    `${PLUGIN} (versionScope()) has no object for its options. Write e.g. versionScope({…}).`,
  ],
  [
    'a plugin that a shorthand stands for, in the scope',
    versionScope({prefix: 'models', pattern, plugins: [new ExpirationPlugin({maxEntries: 1})]} as never),
    `${PLUGIN} (versionScope()).plugins[0] is an instance of ExpirationPlugin, of which text keeps nothing. Use the route's option 'expiration'.`,
  ],
  [
    'a field that is no callback',
    {cacheDidUpdate: async () => {}, name: 'mine'},
    `${PLUGIN} has fields that are no callbacks`,
  ],
  [
    'a callback that uses a variable around it',
    {cacheDidUpdate: async () => console.log(outside)},
    `${PLUGIN}.cacheDidUpdate uses 'outside', which is defined outside of it`,
  ],
  [
    'a callback that is written as a method',
    {async cacheDidUpdate() {}},
    `${PLUGIN}.cacheDidUpdate is written as a method`,
  ],
  [
    'a bound callback',
    {cacheDidUpdate: (async () => {}).bind(null)},
    `${PLUGIN}.cacheDidUpdate has no text that the worker could run`,
  ],
  [
    'a callback without semicolons',
    // As such a file would have it: this one is formatted.
    {cacheDidUpdate: new Function('return async () => {\nconst a = 1\nconst b = a\nreturn b\n}')()},
    `${PLUGIN}.cacheDidUpdate needs the ends of its lines`,
  ],
])('refuses %s', (_, plugin, message) => {
  expect(ofPlugin(plugin)).toContain(message);
});

it('says what to do instead', () => {
  const closure = versionScope({prefix: 'models', pattern: (() => pattern) as never});
  expect(ofPlugin(closure)).toContain('or write the worker yourself with injectManifest');
});

it.each([
  ['a pattern', {urlPattern: ({url}: {url: URL}) => url.href === outside}, ".urlPattern uses 'outside'"],
  ['a handler', {handler: async () => new Response(outside)}, ".handler uses 'outside'"],
])('refuses a closure as %s, in a route without our plugins too', (_, route, message) => {
  expect(refusal(route as Partial<Route>)).toContain(message);
});

it.each([
  [
    'the globals of a worker',
    () => new Response(String(self.location) + caches + Object.keys({}) + self.caches),
  ],
  ['its own names', ({url}: {url: URL}) => [url].map((one, index) => `${one}${index}`)],
  ['names that Workbox gives', new Function('return () => new workbox_strategies_CacheOnly()')()],
  [
    'what it knows may be missing',
    new Function('return () => typeof document === "undefined" ? "worker" : document.title')(),
  ],
  ['the mode that Workbox builds for', () => process.env.NODE_ENV],
  [
    "a 'this' of its own",
    function (this: unknown) {
      return [1].map(() => this);
    },
  ],
  ['comments and links', () => /* outside */ 'https://example.com' /* // outside */],
])('lets a function pass that uses %s', (_, callback) => {
  expect(ofPlugin({handlerDidError: callback})).toBe('not refused');
});

it('lets a function use what an imported script may define', () => {
  const plugin = {handlerDidError: async () => outside};
  expect(ofPlugin(plugin, {importScripts: ['library.js']})).toBe('not refused');
});

it('lets somebody give a function a text of its own', () => {
  const callback = Object.assign(async () => outside, {toString: () => 'async () => undefined'});
  expect(ofPlugin({handlerDidError: callback})).toBe('not refused');
});

it('refuses our plugins where a function is the handler, to which Workbox hands none', () => {
  expect(refusal({handler: async () => new Response(), options: {plugins: [stableKey()]}})).toContain(
    `${ROUTE}.handler is no name of a strategy, and Workbox hands plugins to nothing else. Write e.g. 'CacheFirst'.`,
  );
});

it('refuses a plugin that a route has twice, be it the same object', () => {
  const scope = versionScope({prefix: 'models', pattern});
  for (const again of [scope, versionScope({prefix: 'others', pattern})]) {
    expect(refusal({options: {plugins: [scope, stableKey(), again]}})).toContain(
      `${ROUTE}.options.plugins[2] (versionScope()) is there for the second time.`,
    );
  }
});

it.each([
  [{expiration: {maxEntrys: 1}}, 'expiration.maxEntrys is no option. There are matchOptions, maxAgeSeconds'],
  [{expiration: {maxEntries: 'three'}}, 'expiration.maxEntries is "three". It must be a number above 0.'],
  [{expiration: true as never}, 'expiration must be an object.'],
  [
    {broadcastUpdate: {chanelName: 'updates'}},
    'broadcastUpdate.chanelName is no option. There are channelName',
  ],
  [
    {broadcastUpdate: {options: {headersToCheck: 'etag'}}},
    'broadcastUpdate.options.headersToCheck is "etag". It must be a list of strings.',
  ],
  [
    {broadcastUpdate: {options: {generatePayload: () => ({})}}},
    'broadcastUpdate.options.generatePayload is a function, which loses what it refers to',
  ],
])('refuses what Workbox refuses of a shorthand: %o', (options, message) => {
  const plugins = [versionScope({prefix: 'models', pattern})];
  expect(refusal({options: {plugins, ...options}})).toContain(`${ROUTE}.options.${message}`);
});

it('refuses a closure in any option', () => {
  const backgroundSync = {name: 'queue', options: {onSync: async () => console.log(outside)}};
  expect(refusal({options: {backgroundSync}})).toContain(
    `${ROUTE}.options.backgroundSync.options.onSync uses 'outside'`,
  );
});

it('refuses a method that nothing can be stored of', () => {
  expect(refusal({method: 'POST', options: {plugins: [stableKey()]}})).toContain(`${ROUTE}.method is POST.`);
});

it('refuses plugins that are no list', () => {
  expect(refusal({options: {plugins: stableKey() as never}})).toContain(
    `${ROUTE}.options.plugins is no list.`,
  );
});

it('refuses the destinations of a recipe whose pattern was replaced', () => {
  expect(refusal({urlPattern: '/app/', destinations: ['document']})).toContain(
    "(urlPattern /app/).urlPattern is no RegExp. A route with 'destinations' needs one.",
  );
});

it('refuses what it has made, together with something new', () => {
  const route: Route = {urlPattern: /a/, handler: 'CacheFirst', options: {plugins: [stableKey()]}};
  const {runtimeCaching} = withHoldfast({runtimeCaching: [route]});
  expect(() => withHoldfast({runtimeCaching: [...runtimeCaching, route]})).toThrow(
    'has been through withHoldfast() before. Call it once, with all routes in it.',
  );
});

it('names the route by its number and its pattern', () => {
  const routes: Route[] = [
    {urlPattern: '/a', handler: 'CacheFirst'},
    {urlPattern: '/b', handler: 'CacheFirst', options: {plugins: [versionScope({prefix: '', pattern})]}},
  ];
  expect(() => withHoldfast({runtimeCaching: routes})).toThrow(
    "withHoldfast: runtimeCaching[1] (urlPattern /b).options.plugins[0] (versionScope()) does not take its options. VersionScopePlugin: option 'prefix'",
  );
});

describe('a route on which our plugins would have no effect', () => {
  const scope = versionScope({prefix: 'models', pattern});
  const plugins = [stableKey(), scope];

  it.each<[string, Partial<Route>, string]>([
    [
      'a RegExp that remembers where it stopped',
      {urlPattern: /^https:\/\/a\.test\//g, options: {plugins}},
      ".urlPattern has the flags 'g': with g and y, a RegExp remembers where it stopped, and misses every second request. Write /^https:\\/\\/a\\.test\\//.",
    ],
    [
      'a RegExp that begins with a host',
      {urlPattern: /cdn\.jsdelivr\.net\/npm\//, options: {plugins}},
      '.urlPattern does not match from the beginning of a URL, as Workbox requires of a RegExp for another origin. Write /^https:\\/\\/cdn\\.jsdelivr\\.net\\/npm\\//.',
    ],
    [
      'a string with a star',
      {urlPattern: 'https://a.test/models/*', options: {plugins}},
      '.urlPattern is "https://a.test/models/*", and Workbox compares a string with the whole URL.',
    ],
    [
      'a string with a name',
      {urlPattern: '/models/:version/model.onnx', handler: 'ResumableCacheFirst'},
      '.urlPattern is "/models/:version/model.onnx", and Workbox compares a string with the whole URL.',
    ],
    [
      'a string that no URL equals',
      {urlPattern: 'huggingface.co/org/name', options: {plugins}},
      '.urlPattern is "huggingface.co/org/name", which no URL equals.',
    ],
    [
      'a strategy that stores nothing',
      {handler: 'NetworkOnly', options: {plugins: [scope]}},
      '.handler is NetworkOnly, which stores nothing, and versionScope() is about what is stored.',
    ],
    [
      'statuses that are never stored',
      {options: {plugins, cacheableResponse: {statuses: [0, 200, 206]}}},
      '.options.cacheableResponse.statuses is [0,200,206], and beside our plugins nothing but a whole file (200) is stored.',
    ],
  ])('is refused: %s', (_, route, message) => {
    expect(refusal(route)).toContain(message);
  });

  it('is refused where an earlier route answers all of its requests', () => {
    const routes: Route[] = [
      {urlPattern: /^https:\/\/a\.test\//, handler: 'NetworkFirst'},
      {urlPattern: /^https:\/\/a\.test\/models\//, handler: 'CacheFirst', options: {plugins}},
    ];
    expect(() => withHoldfast({runtimeCaching: routes})).toThrow(
      'runtimeCaching[1] (urlPattern /^https:\\/\\/a\\.test\\/models\\//) gets no request: runtimeCaching[0] stands before it',
    );
    expect(() => withHoldfast({runtimeCaching: routes.toReversed()})).not.toThrow();
  });

  it.each<[string, RegExp, RegExp]>([
    ['another character', /^https:\/\/a\.test\/v/, /^https:\/\/a\.test\/v?/],
    ['an alternative', /^https:\/\/a\.test\//, /^https:\/\/a\.test\/|^https:\/\/b\.test\//],
    ['other letters', /^https:\/\/a\.test\//, /^https:\/\/a\.test\/models/i],
  ])('passes where the later route is wider by %s', (_, earlier, later) => {
    const routes: Route[] = [
      {urlPattern: earlier, handler: 'NetworkFirst'},
      {urlPattern: later, handler: 'CacheFirst', options: {plugins}},
    ];
    expect(() => withHoldfast({runtimeCaching: routes})).not.toThrow();
  });

  it.each<[string, Partial<Route>]>([
    ['a RegExp for paths of any origin', {urlPattern: /\/models\//, options: {plugins}}],
    ['a RegExp with a whole URL', {urlPattern: /https:\/\/a\.test\//, options: {plugins}}],
    ['a path', {urlPattern: '/models/model.onnx', options: {plugins}}],
    ['a whole URL', {urlPattern: 'https://a.test/model.onnx?a=b', options: {plugins}}],
    ['the status of whole files', {options: {plugins, cacheableResponse: {statuses: [200]}}}],
    [
      'isolated pages that are never stored',
      {handler: 'NetworkOnly', options: {plugins: [crossOriginIsolation()]}},
    ],
    ['a pattern with g on a route without our plugins', {urlPattern: /a/g}],
  ])('passes with %s', (_, route) => {
    expect(refusal(route)).toBe('not refused');
  });
});

it('refuses expiration on a route whose releases are staged: it would delete files of a current one', () => {
  const route: Route = {
    urlPattern: /^https:/,
    handler: 'CacheFirst',
    options: {plugins: [versionScope({prefix: 'models', pattern})], expiration: {maxEntries: 2}},
  };
  expect(() => withHoldfast({runtimeCaching: [route]}, {staging: true})).toThrow(
    '.options.expiration would delete files of a release that is stored as a whole.',
  );
  expect(() => withHoldfast({runtimeCaching: [route]})).not.toThrow();
});

it.each<[string, unknown, string]>([
  [
    'a recipe that was not called',
    huggingFace,
    'is a function. Call the recipe, and spread its routes: ...huggingFace().',
  ],
  ['routes that were not spread', huggingFace(), 'is a list of routes. Spread it: ...pyodide().'],
  ['a condition that left it out', false, 'is false. A route is {urlPattern, handler, options}.'],
  ['a plugin in its place', stableKey(), 'has no urlPattern. A route is {urlPattern, handler, options}.'],
])('refuses what is no route: %s', (_, route, message) => {
  expect(() => withHoldfast({runtimeCaching: [route as Route]})).toThrow(
    `withHoldfast: runtimeCaching[0] ${message}`,
  );
});
