import type {WorkboxPlugin} from 'workbox-core/types.js';
import {QuotaGuardPlugin} from '../guard/index.ts';
import {CrossOriginIsolationPlugin} from '../isolation/index.ts';
import {StableKeyPlugin} from '../keys/index.ts';
import {VersionScopePlugin} from '../releases/index.ts';
import {OnlyIfChangedPlugin} from './OnlyIfChangedPlugin.ts';
import type {PluginEntry} from './pluginEntries.ts';

/** The plugin that an entry stands for. */
export const createPlugin = ({holdfast, options}: PluginEntry): WorkboxPlugin => {
  switch (holdfast) {
    case 'stableKey':
      return new StableKeyPlugin(options);
    case 'quotaGuard':
      return new QuotaGuardPlugin(options);
    case 'versionScope':
      return new VersionScopePlugin(options);
    case 'onlyIfChanged':
      return new OnlyIfChangedPlugin();
    case 'crossOriginIsolation':
      return new CrossOriginIsolationPlugin(options);
  }
};
