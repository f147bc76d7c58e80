import type {PluginEntry} from '@holdfast/recipes';
import type {WorkboxPlugin} from 'workbox-core/types.js';

/** Options of a route, as Workbox has them, with our entries among the plugins. */
export interface RouteOptions {
  backgroundSync?: unknown;
  broadcastUpdate?: unknown;
  cacheableResponse?: unknown;
  cacheName?: unknown;
  expiration?: unknown;
  fetchOptions?: unknown;
  matchOptions?: unknown;
  networkTimeoutSeconds?: unknown;
  plugins?: readonly (PluginEntry | WorkboxPlugin)[] | undefined;
  precacheFallback?: unknown;
  rangeRequests?: unknown;
}

/** A route of `runtimeCaching`: as Workbox has it, or as a recipe gives it. */
export interface Route {
  urlPattern: unknown;
  /** Of a recipe: which of the requests it is about. */
  destinations?: readonly string[];
  handler: unknown;
  method?: unknown;
  options?: RouteOptions | undefined;
}

/** What counts of a configuration for `generateSW`. All its other fields stay as they are. */
export interface Config {
  runtimeCaching?: readonly Route[] | undefined;
  importScripts?: readonly string[] | undefined;
}

/** A route as Workbox takes it. Only its own declarations know them all, and each tool may have another release. */
export interface PreparedRoute {
  // biome-ignore-start lint/suspicious/noExplicitAny: see above.
  urlPattern: any;
  handler: any;
  method?: any;
  options?: any;
  // biome-ignore-end lint/suspicious/noExplicitAny: see above.
}

/** The configuration as Workbox takes it. */
export type Prepared<Given> = Omit<Given, 'runtimeCaching'> & {runtimeCaching: PreparedRoute[]};
