import type {WorkboxPlugin} from 'workbox-core/types.js';
import type {PluginEntry} from './pluginEntries.ts';

/** The destination of a request that can be cross-origin isolated. */
export type Destination = 'document' | 'iframe' | 'sharedworker' | 'worker';

/** The name of a strategy. `ResumableCacheFirst` comes with the feature `downloads()`, the others with Workbox. */
export type HandlerName =
  | 'CacheFirst'
  | 'NetworkFirst'
  | 'NetworkOnly'
  | 'ResumableCacheFirst'
  | 'StaleWhileRevalidate';

/** The name of a feature. */
export type FeatureName = 'staging';

/** A route as data: for `runtimeCaching` of a configuration, or for `registerAssets()` in a worker. */
export interface RouteEntry {
  /** The URLs that it answers. For another origin, Workbox uses a RegExp only where it matches from the first character
   * on, so begin it with `^https`. */
  urlPattern: RegExp;
  /** Answers only requests with one of these destinations. https://fetch.spec.whatwg.org/#concept-request-destination
   * @default all */
  destinations?: readonly Destination[];
  /** The strategy. */
  handler: HandlerName;
  /** What the worker must be able to do for its releases. In a configuration, the features come with the route.
   * @default none */
  features?: readonly FeatureName[];
  options: {
    cacheName?: string;
    /** Our plugins by name, or instances of any plugins. A configuration takes no instances of ours. */
    plugins: (PluginEntry | WorkboxPlugin)[];
    /** For `ResumableCacheFirst`: see its options. */
    minBytes?: number;
    /** For `ResumableCacheFirst`: see its options. */
    pieceBytes?: number;
  };
}
