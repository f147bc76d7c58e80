import type {WorkboxPlugin} from 'workbox-core/types.js';
import type {QuotaGuardPluginOptions} from '../guard/index.ts';
import type {IntegrityPluginOptions} from '../integrity/index.ts';
import type {CrossOriginIsolationPluginOptions} from '../isolation/index.ts';
import type {StableKeyPluginOptions} from '../keys/index.ts';
import type {VersionScopePluginOptions} from '../releases/index.ts';
import type {BudgetPluginOptions} from '../storage/options.ts';
import type {OnlyIfChangedPluginOptions} from './OnlyIfChangedPlugin.ts';

/** Our plugins and their options, as a configuration gives them. */
export interface PluginOptions {
  stableKey: StableKeyPluginOptions;
  quotaGuard: QuotaGuardPluginOptions;
  integrity: IntegrityPluginOptions;
  /** Plugins that work by cache name are instances, which no configuration can carry: in their place, a route has
   * Workbox's shorthands `expiration` and `broadcastUpdate`. */
  versionScope: Omit<VersionScopePluginOptions, 'plugins'>;
  budget: BudgetPluginOptions;
  onlyIfChanged: OnlyIfChangedPluginOptions;
  crossOriginIsolation: CrossOriginIsolationPluginOptions;
}

export type PluginName = keyof PluginOptions;

/** One of our plugins as data: its name and its options. The worker makes the instance. */
export type PluginEntry = {[Name in PluginName]: {holdfast: Name; options: PluginOptions[Name]}}[PluginName];

/** Tells an entry from an instance, which has the name of an entry, too. */
export const isPluginEntry = (plugin: PluginEntry | WorkboxPlugin): plugin is PluginEntry =>
  'holdfast' in plugin && 'options' in plugin;

/** Stores an asset under one key, whatever its signed URL, mirror or spelling: see `StableKeyPlugin`. */
export const stableKey = (options: PluginOptions['stableKey'] = {}): PluginEntry => ({
  holdfast: 'stableKey',
  options,
});

/** Decides what may be stored: see `QuotaGuardPlugin`. */
export const quotaGuard = (options: PluginOptions['quotaGuard'] = {}): PluginEntry => ({
  holdfast: 'quotaGuard',
  options,
});

/**
 * Checks the bytes of listed assets: see `IntegrityPlugin`. For a configuration. A worker of your own gives the class,
 * `new IntegrityPlugin({…})`, so that others do not carry its code.
 */
export const integrity = (options: PluginOptions['integrity']): PluginEntry => ({
  holdfast: 'integrity',
  options,
});

/** Gives each release a cache of its own: see `VersionScopePlugin`. */
export const versionScope = (options: PluginOptions['versionScope']): PluginEntry => ({
  holdfast: 'versionScope',
  options,
});

/** Keeps what a route stores within limits of bytes, of files and of age: see `BudgetPlugin`. */
export const budget = (options: PluginOptions['budget'] = {}): PluginEntry => ({
  holdfast: 'budget',
  options,
});

/** Downloads a file again only if it has changed: see `OnlyIfChangedPlugin`. For `StaleWhileRevalidate`. */
export const onlyIfChanged = (options: PluginOptions['onlyIfChanged'] = {}): PluginEntry => ({
  holdfast: 'onlyIfChanged',
  options,
});

/** Adds the headers that make a page cross-origin isolated: see `CrossOriginIsolationPlugin`. */
export const crossOriginIsolation = (options: PluginOptions['crossOriginIsolation'] = {}): PluginEntry => ({
  holdfast: 'crossOriginIsolation',
  options,
});
