export {checkedBody, type OnFailure} from './checkedBody.ts';
export {checkedResponse} from './checkedResponse.ts';
export type {IntegrityEvent, IntegrityFailure, IntegrityReason} from './events.ts';
export {type Expected, expectedOf} from './expectations.ts';
export {failureOf, type Reading} from './failureOf.ts';
export {IntegrityPlugin} from './IntegrityPlugin.ts';
export type {ExpectedAsset, IntegrityMode, IntegrityPluginOptions} from './options.ts';
export {
  type VerifiedEntry,
  type VerifyOptions,
  type VerifyProgress,
  verifyCache,
  verifyEntry,
} from './verifyCache.ts';
