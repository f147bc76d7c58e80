import type {FeatureName, PluginEntry} from '@holdfast/service-worker/recipes';
import type {RouteHandler, RouteMatchCallback, WorkboxPlugin} from 'workbox-core/types.js';

/** Options of a route, as Workbox has them, with our entries among the plugins. */
export interface RouteOptions {
  backgroundSync?: object | undefined;
  broadcastUpdate?: object | undefined;
  cacheableResponse?: object | undefined;
  cacheName?: string | null | undefined;
  expiration?: object | undefined;
  fetchOptions?: object | undefined;
  matchOptions?: object | undefined;
  networkTimeoutSeconds?: number | undefined;
  plugins?: readonly (PluginEntry | WorkboxPlugin)[] | undefined;
  precacheFallback?: object | undefined;
  rangeRequests?: boolean | undefined;
  /** Of the handler `ResumableCacheFirst`: see the options of that strategy. */
  minBytes?: number | undefined;
  /** Of the handler `ResumableCacheFirst`: see the options of that strategy. */
  pieceBytes?: number | undefined;
}

/** A route of `runtimeCaching`: as Workbox has it, or as a recipe gives it. */
export interface Route {
  urlPattern: RegExp | string | RouteMatchCallback;
  /** Of a recipe: which of the requests it answers. */
  destinations?: readonly string[];
  /** Of a recipe: what the worker must be able to do for it. */
  features?: readonly FeatureName[];
  handler:
    | RouteHandler
    | 'CacheFirst'
    | 'CacheOnly'
    | 'NetworkFirst'
    | 'NetworkOnly'
    | 'ResumableCacheFirst'
    | 'StaleWhileRevalidate';
  method?: 'DELETE' | 'GET' | 'HEAD' | 'PATCH' | 'POST' | 'PUT' | undefined;
  options?: RouteOptions | undefined;
}

/** What counts of a configuration for `generateSW`. All its other fields stay as they are. */
export interface Config {
  runtimeCaching?: readonly Route[] | undefined;
  importScripts?: readonly string[] | undefined;
  // Named for its parameters, of which nobody would know the types otherwise.
  manifestTransforms?: ((entries: (ManifestEntry & {size: number})[], compilation?: unknown) => unknown)[];
}

/** A file of the precache. */
interface ManifestEntry {
  integrity?: string;
  revision: string | null;
  url: string;
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

/**
 * The options of a tool, such as `GenerateSWOptions`, with our plugins in its routes: the type of what goes into
 * `withHoldfast()`.
 *
 * @example
 * const config: WithRoutes<GenerateSWOptions> = {swDest: 'dist/sw.js', runtimeCaching: [...pyodide()]};
 */
export type WithRoutes<Options> = Omit<Options, 'runtimeCaching'> & {
  runtimeCaching?: readonly Route[] | undefined;
};

/** The configuration as Workbox takes it. */
export type Prepared<Given> = Omit<Given, 'runtimeCaching'> & {runtimeCaching: PreparedRoute[]};
