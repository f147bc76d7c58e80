export {type AssetPluginsOptions, assetPlugins} from './assetPlugins.ts';
export {type OptionalStrategies, registerRoutes} from './registerRoutes.ts';
