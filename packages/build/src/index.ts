export {
  crossOriginIsolation,
  onlyIfChanged,
  type PluginEntry,
  type PluginOptions,
  quotaGuard,
  stableKey,
  versionScope,
} from '@holdfast/service-worker/recipes';
export type {Config, Prepared, PreparedRoute, Route, RouteOptions} from './config.ts';
export {type HoldfastOptions, withHoldfast} from './withHoldfast.ts';
