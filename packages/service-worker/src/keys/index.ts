export {answerRange} from './answerRange.ts';
export {createStableKey} from './createStableKey.ts';
export type {StableKeyOptions} from './options.ts';
export type {Provider, Rule, Scheme} from './Rule.ts';
export {StableKeyPlugin, type StableKeyPluginOptions} from './StableKeyPlugin.ts';
export {stableKey} from './stableKey.ts';
