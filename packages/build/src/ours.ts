import type {PluginName} from '@holdfast/service-worker/recipes';
import type {Route} from './config.ts';
import {isEntry} from './entries.ts';
import {isResumable} from './resumableHandler.ts';

/** Tells whether a route has one of our plugins, of some names or of any. */
export const has = ({options}: Route, ...names: PluginName[]): boolean =>
  (options?.plugins ?? []).some(
    (plugin) => isEntry(plugin) && (names.length === 0 || names.includes(plugin.holdfast)),
  );

/** Tells whether a route has one of our plugins, or our strategy. */
export const isOurs = (route: Route): boolean => has(route) || isResumable(route);
