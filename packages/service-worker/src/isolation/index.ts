export {CrossOriginIsolationPlugin} from './CrossOriginIsolationPlugin.ts';
export type {CrossOriginIsolationPluginOptions, EmbedderPolicy} from './options.ts';
