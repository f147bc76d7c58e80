export {type AssetPluginsOptions, assetPlugins} from './assetPlugins.ts';
export {registerRoutes} from './registerRoutes.ts';
