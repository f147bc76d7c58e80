export * from '@holdfast/service-worker/recipes';
export type {Config, Prepared, PreparedRoute, Route, RouteOptions, WithRoutes} from './config.ts';
export {integrity, type ListedInManifest} from './integrity.ts';
export {type HoldfastOptions, withHoldfast} from './withHoldfast.ts';
