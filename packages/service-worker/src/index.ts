export {downloads, ResumableCacheFirst, type ResumableCacheFirstOptions} from './downloads/index.ts';
export {opaqueEntryBytes, QuotaGuardPlugin, type QuotaGuardPluginOptions} from './guard/index.ts';
export {
  type ExpectedAsset,
  IntegrityPlugin,
  type IntegrityPluginOptions,
  type VerifiedEntry,
  type VerifyCacheOptions,
  type VerifyCacheProgress,
  verifyCache,
} from './integrity/index.ts';
export {CrossOriginIsolationPlugin, type CrossOriginIsolationPluginOptions} from './isolation/index.ts';
export {
  createStableKey,
  type Provider,
  type Rule,
  type Scheme,
  StableKeyPlugin,
  type StableKeyPluginOptions,
} from './keys/index.ts';
export type {Feature} from './messages/Feature.ts';
export * from './messages/index.ts';
export {type AssetPluginsOptions, assetPlugins} from './recipes/assetPlugins.ts';
export * from './recipes/index.ts';
export {OnlyIfChangedPlugin} from './recipes/OnlyIfChangedPlugin.ts';
export {
  type AssetRoute,
  type RegisterAssetsOptions,
  registerAssets,
  type StrategyRoute,
} from './recipes/registerAssets.ts';
export {adoption} from './releases/adoption/index.ts';
export {listing, removeWorker, VersionScopePlugin, type VersionScopePluginOptions} from './releases/index.ts';
export {staging} from './releases/stage/index.ts';
export {accounts} from './storage/accounts/index.ts';
export {
  BudgetPlugin,
  type BudgetPluginOptions,
  type BudgetsOptions,
  budgets,
  type Limits,
} from './storage/index.ts';
export {inspection} from './storage/inspection/index.ts';
