export type {OnFailure} from './checkedBody.ts';
export {checkedResponse} from './checkedResponse.ts';
export {expectedOf} from './expectations.ts';
export {failureOf} from './failureOf.ts';
export {IntegrityPlugin} from './IntegrityPlugin.ts';
export type {ExpectedAsset, IntegrityMode, IntegrityPluginOptions} from './options.ts';
export {PlainIntegrityPlugin} from './PlainIntegrityPlugin.ts';
export type {Reading} from './readThrough.ts';
export {
  type VerifiedEntry,
  type VerifyCacheOptions,
  type VerifyCacheProgress,
  verifyCache,
  verifyEntry,
} from './verifyCache.ts';
