import type {PluginEntry} from './pluginEntries.ts';

/** What a request is for, of what can be cross-origin isolated. */
export type Destination = 'document' | 'iframe' | 'sharedworker' | 'worker';

/** A route as data: for `runtimeCaching` of a configuration, or for `registerRoutes()` of a worker. */
export interface RouteEntry {
  /** Which URLs it is about. Without `^https` it would be asked of other origins in vain: Workbox takes a RegExp
   * for another origin only where it matches from the first character on. */
  urlPattern: RegExp;
  /** Of the requests for such URLs, only those for one of these.
   * https://fetch.spec.whatwg.org/#concept-request-destination
   * @default all */
  destinations?: readonly Destination[];
  /** The strategy. `ResumableCacheFirst` is that of `@holdfast/large-files`, the others are Workbox's. */
  handler: 'CacheFirst' | 'NetworkFirst' | 'NetworkOnly' | 'ResumableCacheFirst' | 'StaleWhileRevalidate';
  options: {
    cacheName?: string;
    plugins: PluginEntry[];
    /** Of `ResumableCacheFirst`: see `@holdfast/large-files`. */
    minBytes?: number;
    /** Of `ResumableCacheFirst`: see `@holdfast/large-files`. */
    pieceBytes?: number;
  };
}
