export type {LineInfo, ReleaseInfo} from '@holdfast/version-scope/messages.js';
export {HoldfastError, type HoldfastErrorCode} from './HoldfastError.ts';
export {isolate} from './isolate.ts';
export {persist} from './persist.ts';
export {type RegisterOptions, register} from './register.ts';
export {turnOff} from './turnOff.ts';
export {currentVersion, releases, switchVersion} from './versions.ts';
export type {TimeLimit} from './withTimeLimit.ts';
