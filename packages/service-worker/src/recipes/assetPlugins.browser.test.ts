import {expect, it, vi} from 'vitest';
import {QuotaGuardPlugin} from '../guard/index.ts';
import {IntegrityPlugin} from '../integrity/index.ts';
import {CrossOriginIsolationPlugin} from '../isolation/index.ts';
import {StableKeyPlugin} from '../keys/index.ts';
import {VersionScopePlugin} from '../releases/index.ts';
import {assetPlugins} from './assetPlugins.ts';
import {OnlyIfChangedPlugin} from './OnlyIfChangedPlugin.ts';

const pattern = /\/resolve\/(?<version>[^/]+)\//;

it('puts the plugins in the order that they need', () => {
  const other = {cacheKeyWillBeUsed: async ({request}: {request: Request}) => request};
  const another = {fetchDidFail: async () => undefined};
  const check = new IntegrityPlugin({assets: []});
  const plugins = assetPlugins({
    crossOriginIsolation: {},
    onlyIfChanged: {},
    plugins: [check, other, another],
    versionScope: {prefix: 'models', pattern},
    quotaGuard: {},
    stableKey: {},
  });

  expect(plugins).toEqual([
    expect.any(StableKeyPlugin),
    other,
    another,
    expect.any(QuotaGuardPlugin),
    check,
    expect.any(VersionScopePlugin),
    expect.any(OnlyIfChangedPlugin),
    expect.any(CrossOriginIsolationPlugin),
  ]);
});

it('makes only those that are named', () => {
  expect(assetPlugins({})).toEqual([]);
  expect(assetPlugins({stableKey: undefined, quotaGuard: {}})).toEqual([expect.any(QuotaGuardPlugin)]);
});

it('passes the options on', async () => {
  const cachedResponseWillBeUsed = vi.fn(async () => undefined);
  const [scope] = assetPlugins({
    versionScope: {prefix: 'models', pattern, plugins: [{cachedResponseWillBeUsed}]},
  });
  const state = {};
  const request = new Request('https://example.org/resolve/v1/model.onnx');
  const event = new ExtendableEvent('fetch');
  await scope?.cacheKeyWillBeUsed?.({mode: 'read', request, event, state});
  await scope?.cachedResponseWillBeUsed?.({cacheName: 'x', request, event, state});

  expect(cachedResponseWillBeUsed).toHaveBeenCalledWith(expect.objectContaining({cacheName: 'models-v1'}));
});

it('refuses an invalid option', () => {
  expect(() => assetPlugins({versionScope: {prefix: '', pattern}})).toThrow(
    "VersionScopePlugin: option 'prefix' must be a non-empty string",
  );
});
