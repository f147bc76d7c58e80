import type {WorkboxPlugin} from 'workbox-core/types.js';
import type {VersionScopePluginOptions} from '../releases/index.ts';
import {createPlugin} from './createPlugin.ts';
import type {PluginEntry, PluginName, PluginOptions} from './pluginEntries.ts';
import {inOrder} from './pluginOrder.ts';

type Optional<Options> = {[Name in keyof Options]?: Options[Name] | undefined};

/** The options of each plugin that is wanted; `{}` for a plugin with its defaults. */
export interface AssetPluginsOptions extends Optional<Omit<PluginOptions, 'versionScope'>> {
  versionScope?: VersionScopePluginOptions | undefined;
  /** Plugins of others. What works by cache name belongs into `versionScope.plugins`.
   * @default [] */
  plugins?: readonly WorkboxPlugin[] | undefined;
}

/**
 * The plugins of a strategy for heavy assets, in the order that they need.
 *
 * @throws TypeError that names the option and the value it got, in a development build.
 *
 * @example
 * new CacheFirst({
 *   plugins: assetPlugins({stableKey: {}, quotaGuard: {}, versionScope: {prefix: 'models', pattern}}),
 * });
 */
export const assetPlugins = ({plugins = [], ...ours}: AssetPluginsOptions): WorkboxPlugin[] => {
  const names = new Map<WorkboxPlugin, PluginName>();
  for (const [name, options] of Object.entries(ours)) {
    if (options) {
      names.set(createPlugin({holdfast: name, options} as PluginEntry), name as PluginName);
    }
  }
  return inOrder([...names.keys(), ...plugins], (plugin) => names.get(plugin));
};
