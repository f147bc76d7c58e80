export {estimate} from './estimate.ts';
export {isStorable} from './isStorable.ts';
export {opaqueEntryBytes} from './opaqueEntryBytes.ts';
export type {OpaqueAllowance, QuotaGuardPluginOptions} from './options.ts';
export {QuotaGuardPlugin} from './QuotaGuardPlugin.ts';
export {StrictQuotaGuardPlugin} from './StrictQuotaGuardPlugin.ts';
