import {type PluginOptions, quotaGuard, stableKey, versionScope} from './pluginEntries.ts';
import type {RouteEntry} from './RouteEntry.ts';

/**
 * A route for files that never change under their URL: once they are in the cache of their release, nobody
 * asks the network again.
 */
export const pinned = (
  urlPattern: RegExp,
  scope: PluginOptions['versionScope'],
  key?: PluginOptions['stableKey'],
): RouteEntry => ({
  urlPattern,
  handler: 'CacheFirst',
  options: {plugins: [stableKey(key), quotaGuard(), versionScope(scope)]},
});
