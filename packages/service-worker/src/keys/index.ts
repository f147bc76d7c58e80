export {compileTables} from './compileTables.ts';
export {createStableKey} from './createStableKey.ts';
export type {StableKeyOptions} from './options.ts';
export {PlainStableKeyPlugin} from './PlainStableKeyPlugin.ts';
export type {Provider, Rule, Scheme} from './Rule.ts';
export {StableKeyPlugin, type StableKeyPluginOptions} from './StableKeyPlugin.ts';
export {stableKey} from './stableKey.ts';
export {type TableName, type Tables, tablesOf} from './tables.ts';
export {tablesFor} from './tablesFor.ts';
