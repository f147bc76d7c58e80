import {exceptLong} from './glob.ts';
import {type PluginOptions, quotaGuard, stableKey, versionScope} from './pluginEntries.ts';
import type {RouteEntry} from './RouteEntry.ts';

/**
 * Makes a route for files that never change under their URL: what is in the cache of its release is answered without
 * the network.
 */
export const pinned = (
  urlPattern: RegExp,
  scope: PluginOptions['versionScope'],
  key?: PluginOptions['stableKey'],
): RouteEntry => ({
  urlPattern: exceptLong(urlPattern),
  handler: 'CacheFirst',
  options: {plugins: [stableKey(key), quotaGuard(), versionScope(scope)]},
});
