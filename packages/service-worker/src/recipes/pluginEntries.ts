import type {QuotaGuardPluginOptions} from '../guard/index.ts';
import type {CrossOriginIsolationPluginOptions} from '../isolation/index.ts';
import type {StableKeyPluginOptions} from '../keys/index.ts';
import type {VersionScopePluginOptions} from '../releases/index.ts';
import type {OnlyIfChangedPluginOptions} from './OnlyIfChangedPlugin.ts';

/** The plugins of ours and their options, as a configuration gives them. */
export interface PluginOptions {
  stableKey: StableKeyPluginOptions;
  quotaGuard: QuotaGuardPluginOptions;
  /** Plugins that work by cache name are instances, which no configuration can carry: a route has Workbox's
   * shorthands `expiration` and `broadcastUpdate` for them. */
  versionScope: Omit<VersionScopePluginOptions, 'plugins'>;
  onlyIfChanged: OnlyIfChangedPluginOptions;
  crossOriginIsolation: CrossOriginIsolationPluginOptions;
}

export type PluginName = keyof PluginOptions;

/** One of our plugins as data: its name and its options. The worker makes the instance. */
export type PluginEntry = {[Name in PluginName]: {holdfast: Name; options: PluginOptions[Name]}}[PluginName];

/** One key for an asset, whatever signed URL, mirror or spelling it is asked by: see `StableKeyPlugin`. */
export const stableKey = (options: PluginOptions['stableKey'] = {}): PluginEntry => ({
  holdfast: 'stableKey',
  options,
});

/** What may be stored: see `QuotaGuardPlugin`. */
export const quotaGuard = (options: PluginOptions['quotaGuard'] = {}): PluginEntry => ({
  holdfast: 'quotaGuard',
  options,
});

/** A cache for each release: see `VersionScopePlugin`. */
export const versionScope = (options: PluginOptions['versionScope']): PluginEntry => ({
  holdfast: 'versionScope',
  options,
});

/** No download of what has not changed: see `OnlyIfChangedPlugin`. For `StaleWhileRevalidate`. */
export const onlyIfChanged = (options: PluginOptions['onlyIfChanged'] = {}): PluginEntry => ({
  holdfast: 'onlyIfChanged',
  options,
});

/** Headers by which a page becomes cross-origin isolated: see `CrossOriginIsolationPlugin`. */
export const crossOriginIsolation = (options: PluginOptions['crossOriginIsolation'] = {}): PluginEntry => ({
  holdfast: 'crossOriginIsolation',
  options,
});
