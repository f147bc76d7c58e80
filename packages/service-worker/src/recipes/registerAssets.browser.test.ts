import {describe, expect, it, vi} from 'vitest';
import {Route} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import {QuotaGuardPlugin} from '../guard/index.ts';
import {IntegrityPlugin} from '../integrity/index.ts';
import {StableKeyPlugin} from '../keys/index.ts';
import type {Feature} from '../messages/Feature.ts';
import {VersionScopePlugin} from '../releases/index.ts';
import {strategyFor} from '../worker/routes.ts';
import {huggingFace} from './huggingFace.ts';
import {quotaGuard, stableKey, versionScope} from './pluginEntries.ts';
import type {RouteEntry} from './RouteEntry.ts';
import {registerAssets} from './registerAssets.ts';

const resumable: RouteEntry = {
  urlPattern: /^https:\/\/example\.org\/models\//,
  handler: 'ResumableCacheFirst',
  options: {cacheName: 'models', plugins: [], minBytes: 1_000_000, pieceBytes: 100_000},
};

const answering = (url: string) => strategyFor(new Request(url), new ExtendableEvent('fetch'));

describe('a route', () => {
  it('gets the strategy that a feature adds, with its plugins and options', () => {
    const create = vi.fn((options: object) => new CacheFirst(options));
    const feature: Feature = {setUp: vi.fn(), strategies: {ResumableCacheFirst: create}};

    registerAssets([resumable, ...huggingFace({resumable: true, only: '*/my-org/*'})], {features: [feature]});

    const plugins = [
      expect.any(StableKeyPlugin),
      expect.any(QuotaGuardPlugin),
      expect.any(VersionScopePlugin),
    ];
    expect(create.mock.calls).toEqual([[resumable.options], [{plugins}], [{plugins}]]);
    expect(feature.setUp).toHaveBeenCalledOnce();
  });

  it('can have instances among its plugins, which are put in order', () => {
    const check = new IntegrityPlugin({assets: []});
    const other = {fetchDidFail: async () => undefined};
    const scope = versionScope({prefix: 'mixed', pattern: /\/(?<version>v\d+)\//});
    registerAssets([
      {
        urlPattern: /^https:\/\/mixed\.test\//,
        handler: 'CacheFirst',
        options: {plugins: [scope, check, quotaGuard(), other, stableKey()]},
      },
    ]);
    expect(answering('https://mixed.test/v1/a')?.plugins).toEqual([
      expect.any(StableKeyPlugin),
      other,
      expect.any(QuotaGuardPlugin),
      check,
      expect.any(VersionScopePlugin),
    ]);
  });

  it('can have an instance of a strategy', () => {
    const handler = new CacheFirst({plugins: [new StableKeyPlugin()]});
    registerAssets([{urlPattern: /^https:\/\/instance\.test\//, handler}]);
    expect(answering('https://instance.test/a')).toBe(handler);
  });

  it('can be one of Workbox', () => {
    const handler = new CacheFirst();
    registerAssets([new Route(({url}) => url.hostname === 'route.test', handler)]);
    expect(answering('https://route.test/a')).toBe(handler);
  });

  it('can be limited to some destinations', () => {
    const handler = new CacheFirst();
    registerAssets([{urlPattern: /^https:\/\/worker\.test\//, destinations: ['worker'], handler}]);
    const request = Object.defineProperty(new Request('https://worker.test/a'), 'destination', {
      value: 'worker',
    });
    expect(strategyFor(request, new ExtendableEvent('fetch'))).toBe(handler);
    expect(answering('https://worker.test/a')).toBeUndefined();
  });
});

describe('registerAssets', () => {
  it('names the feature that adds a missing strategy', () => {
    expect(() => registerAssets([resumable])).toThrow(
      new TypeError(
        "registerAssets: the handler 'ResumableCacheFirst' needs a feature: write registerAssets(routes, {features: " +
          '[downloads()]}).',
      ),
    );
    expect(() => registerAssets([{...resumable, handler: 'CacheOnly' as never}])).toThrow(
      new TypeError("registerAssets: there is no handler 'CacheOnly'."),
    );
  });

  it.each([
    [
      [huggingFace()],
      {},
      "registerAssets: option 'routes[0]' must be a route. Spread a recipe that returns several",
    ],
    [resumable, {}, "registerAssets: option 'routes' must be an array of routes"],
    [[], {feature: []}, `registerAssets: option 'feature' must be one of features, but got "feature".`],
  ])('refuses %o, %o', (routes, options, message) => {
    expect(() => registerAssets(routes as never, options as never)).toThrow(message);
  });

  it('refuses integrity() by name, with what to write instead', () => {
    const integrity = {holdfast: 'integrity' as const, options: {assets: []}};
    expect(() =>
      registerAssets([{...resumable, handler: 'CacheFirst', options: {plugins: [integrity]}}]),
    ).toThrow(
      new TypeError(
        'registerAssets: integrity() is for configurations. In a worker, write new IntegrityPlugin({…}).',
      ),
    );
  });
});
