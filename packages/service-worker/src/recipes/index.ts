export type {RecipeOptions} from './cacheNamed.ts';
export {type CdnjsOptions, cdnjs} from './cdnjs.ts';
export {glob} from './glob.ts';
export {type HuggingFaceOptions, huggingFace} from './huggingFace.ts';
export {type IsolatedPagesOptions, isolatedPages} from './isolatedPages.ts';
export {type JsDelivrOptions, jsDelivr} from './jsDelivr.ts';
export type {UrlPattern} from './only.ts';
export {onnxRuntime} from './onnxRuntime.ts';
export type {PluginEntry, PluginName, PluginOptions} from './pluginEntries.ts';
export {
  budget,
  crossOriginIsolation,
  integrity,
  isPluginEntry,
  onlyIfChanged,
  quotaGuard,
  stableKey,
  versionScope,
} from './pluginEntries.ts';
export {inOrder} from './pluginOrder.ts';
export {pyodide} from './pyodide.ts';
export {pypiFiles} from './pypiFiles.ts';
export type {Destination, FeatureName, HandlerName, RouteEntry} from './RouteEntry.ts';
export {type ReleaseOptions, release} from './release.ts';
export {transformersJs} from './transformersJs.ts';
export {type UnpkgOptions, unpkg} from './unpkg.ts';
export {type WheelsOptions, wheels} from './wheels.ts';
export {withBudget} from './withBudget.ts';
