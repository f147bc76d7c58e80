import {exceptLong} from './glob.ts';
import {onlyIfChanged, type PluginOptions, quotaGuard, stableKey, versionScope} from './pluginEntries.ts';
import type {RouteEntry} from './RouteEntry.ts';

/**
 * Makes a route for files that may change under their URL. The page gets what is stored; if the host has another file,
 * that is fetched for the next time.
 *
 * A branch, a tag or a range in the URL takes the place of the version.
 */
export const moving = (
  urlPattern: RegExp,
  scope: PluginOptions['versionScope'],
  key?: PluginOptions['stableKey'],
): RouteEntry => ({
  urlPattern: exceptLong(urlPattern),
  handler: 'StaleWhileRevalidate',
  options: {plugins: [stableKey(key), quotaGuard(), versionScope(scope), onlyIfChanged()]},
});
