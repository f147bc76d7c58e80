import type {WorkboxPlugin} from 'workbox-core/types.js';
import type {VersionScopePluginOptions} from '../releases/index.ts';
import {createPlugin} from './createPlugin.ts';
import type {PluginEntry, PluginOptions} from './pluginEntries.ts';
import {inOrder} from './pluginOrder.ts';

type Optional<Options> = {[Name in keyof Options]?: Options[Name] | undefined};

/** The options of each plugin that is wanted; `{}` for a plugin with its defaults. */
export interface AssetPluginsOptions extends Optional<Omit<PluginOptions, 'integrity' | 'versionScope'>> {
  versionScope?: VersionScopePluginOptions | undefined;
  /** Instances of other plugins, `IntegrityPlugin` among them. Plugins that work by cache name go into
   * `versionScope.plugins`.
   * @default [] */
  plugins?: readonly WorkboxPlugin[] | undefined;
}

/**
 * Returns the plugins of a strategy for heavy assets, in the order that they need.
 *
 * @throws TypeError that names the option and the value it got: in a development build.
 *
 * @example
 * new CacheFirst({
 *   plugins: assetPlugins({stableKey: {}, quotaGuard: {}, versionScope: {prefix: 'models', pattern}}),
 * });
 */
export const assetPlugins = ({plugins = [], ...ours}: AssetPluginsOptions): WorkboxPlugin[] => {
  const made = Object.entries(ours)
    .filter(([, options]) => options)
    .map(([name, options]) => createPlugin({holdfast: name, options} as PluginEntry));
  return inOrder([...made, ...plugins]);
};
