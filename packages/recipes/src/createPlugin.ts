import {CrossOriginIsolationPlugin} from '@holdfast/cross-origin-isolation';
import {QuotaGuardPlugin} from '@holdfast/quota-guard';
import {StableKeyPlugin} from '@holdfast/stable-key';
import {VersionScopePlugin} from '@holdfast/version-scope';
import type {WorkboxPlugin} from 'workbox-core/types.js';
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
