export {EVENT_CHANNEL, type StoreFailure, type VersionScopeEvent} from './events.ts';
export {handleVersionMessages} from './handleVersionMessages.ts';
export type {
  LineInfo,
  ReleaseInfo,
  VersionAnswer,
  VersionMessages,
  VersionMessageType,
} from './messages.ts';
export type {VersionScopePluginOptions} from './options.ts';
export type {Scope} from './releaseOf.ts';
export {removeWorker} from './removeWorker.ts';
export {VersionScopePlugin} from './VersionScopePlugin.ts';
