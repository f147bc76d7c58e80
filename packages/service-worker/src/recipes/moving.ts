import {onlyIfChanged, type PluginOptions, quotaGuard, stableKey, versionScope} from './pluginEntries.ts';
import type {RouteEntry} from './RouteEntry.ts';

/**
 * A route for files that may change under their URL. The page gets what is stored; if the host has something
 * else, that is fetched behind it, for the next time.
 *
 * What the URL names instead of a version (a branch, a tag, a range) stands in its place.
 */
export const moving = (
  urlPattern: RegExp,
  scope: PluginOptions['versionScope'],
  key?: PluginOptions['stableKey'],
): RouteEntry => ({
  urlPattern,
  handler: 'StaleWhileRevalidate',
  options: {plugins: [stableKey(key), quotaGuard(), versionScope(scope), onlyIfChanged()]},
});
