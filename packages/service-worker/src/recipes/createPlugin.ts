import type {WorkboxPlugin} from 'workbox-core/types.js';
import {QuotaGuardPlugin} from '../guard/QuotaGuardPlugin.ts';
import {CrossOriginIsolationPlugin} from '../isolation/CrossOriginIsolationPlugin.ts';
import {StableKeyPlugin} from '../keys/StableKeyPlugin.ts';
import {VersionScopePlugin} from '../releases/VersionScopePlugin.ts';
import {BudgetPlugin} from '../storage/BudgetPlugin.ts';
import {OnlyIfChangedPlugin} from './OnlyIfChangedPlugin.ts';
import {isPluginEntry, type PluginEntry} from './pluginEntries.ts';

/**
 * Returns the plugin of an entry; an instance unchanged.
 *
 * @throws TypeError for an entry that no worker makes a plugin of; and in a development build one that names the option
 *   and the value it got.
 */
export const createPlugin = (plugin: PluginEntry | WorkboxPlugin): WorkboxPlugin => {
  if (!isPluginEntry(plugin)) {
    return plugin;
  }
  switch (plugin.holdfast) {
    case 'stableKey':
      return new StableKeyPlugin(plugin.options);
    case 'quotaGuard':
      return new QuotaGuardPlugin(plugin.options);
    case 'versionScope':
      return new VersionScopePlugin(plugin.options);
    case 'budget':
      return new BudgetPlugin(plugin.options);
    case 'onlyIfChanged':
      return new OnlyIfChangedPlugin(plugin.options);
    case 'crossOriginIsolation':
      return new CrossOriginIsolationPlugin(plugin.options);
    default:
      // Stored unchecked would be worse, so this is thrown in production, too.
      throw new TypeError(
        plugin.holdfast === 'integrity'
          ? 'registerAssets: integrity() is for configurations. In a worker, write new IntegrityPlugin({…}).'
          : `registerAssets: there is no plugin '${(plugin as PluginEntry).holdfast}'.`,
      );
  }
};
