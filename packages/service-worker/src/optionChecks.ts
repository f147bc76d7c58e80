// What checks the options of each plugin, for tools that write options into a worker. Importable without Workbox.
export {checkOptions as checkResumableCacheFirstOptions} from './downloads/options.ts';
export {checkOptions as checkQuotaGuardOptions} from './guard/options.ts';
export {COLLECTED_BYTES} from './integrity/createHasher.ts';
export {checkOptions as checkIntegrityOptions} from './integrity/options.ts';
export {checkOptions as checkCrossOriginIsolationOptions} from './isolation/options.ts';
export {checkOptions as checkStableKeyOptions} from './keys/options.ts';
export {OptionsChecker} from './options/OptionsChecker.ts';
export {checkOptions as checkOnlyIfChangedOptions} from './recipes/onlyIfChangedOptions.ts';
export {checkOptions as checkVersionScopeOptions} from './releases/options.ts';
export {type BudgetsOptions, checkBudgetOptions, checkBudgetsOptions} from './storage/options.ts';
