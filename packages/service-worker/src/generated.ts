// What workers import that @holdfast/build generates. Each name is here for the smallest worker that needs it.
export {downloads} from './downloads/downloads.ts';
export {ResumableCacheFirst} from './downloads/ResumableCacheFirst.ts';
export {QuotaGuardPlugin} from './guard/QuotaGuardPlugin.ts';
export {StrictQuotaGuardPlugin} from './guard/StrictQuotaGuardPlugin.ts';
export {IntegrityPlugin} from './integrity/IntegrityPlugin.ts';
export {PlainIntegrityPlugin} from './integrity/PlainIntegrityPlugin.ts';
export {CrossOriginIsolationPlugin} from './isolation/CrossOriginIsolationPlugin.ts';
export {compileTables} from './keys/compileTables.ts';
export {PlainStableKeyPlugin} from './keys/PlainStableKeyPlugin.ts';
export {StableKeyPlugin} from './keys/StableKeyPlugin.ts';
export {OnlyIfChangedPlugin} from './recipes/OnlyIfChangedPlugin.ts';
export {adoption} from './releases/adoption/adoption.ts';
export {listing} from './releases/listing.ts';
export {PlainVersionScopePlugin} from './releases/PlainVersionScopePlugin.ts';
export {setUp} from './releases/setUp.ts';
export {staging} from './releases/stage/staging.ts';
export {VersionScopePlugin} from './releases/VersionScopePlugin.ts';
