export {listing} from './listing.ts';
export type {VersionScopePluginOptions} from './options.ts';
export type {Scope} from './releaseOf.ts';
export {removeWorker} from './removeWorker.ts';
export {VersionScopePlugin} from './VersionScopePlugin.ts';
