export type {QuotaGuardEvent, Refusal} from './events.ts';
export {opaqueEntryBytes} from './opaqueEntryBytes.ts';
export type {OpaqueAllowance, QuotaGuardPluginOptions} from './options.ts';
export {QuotaGuardPlugin} from './QuotaGuardPlugin.ts';
