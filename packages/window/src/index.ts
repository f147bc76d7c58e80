export type {DownloadProgress, DownloadState} from '@holdfast/service-worker/downloads/events.js';
export type {
  LineInfo,
  ReleaseInfo,
  ReleaseState,
  SwitchAnswer,
} from '@holdfast/service-worker/releases/messages.js';
export type {
  AssetSource,
  StageFailure,
  StageFailureReason,
  StageProgress,
  StageReport,
} from '@holdfast/service-worker/releases/stage/messages.js';
export {DownloadError, type DownloadFailureReason} from './DownloadError.ts';
export {type Download, type DownloadOptions, type DownloadReport, download} from './download.ts';
export {HoldfastError, type HoldfastErrorCode} from './HoldfastError.ts';
export {isolate} from './isolate.ts';
export {persist} from './persist.ts';
export {
  type ProgressOptions,
  progress,
  type StagedAsset,
  type StageEventMap,
  type StageEvents,
} from './progress.ts';
export {type RegisterOptions, register} from './register.ts';
export type {StageControls} from './runStage.ts';
export {StageError} from './StageError.ts';
export {type StageOptions, type StageResult, stage} from './stage.ts';
export {turnOff} from './turnOff.ts';
export {type VerifyOptions, verify} from './verify.ts';
export {currentVersion, releases, rollback, type SwitchOptions, switchVersion} from './versions.ts';
export type {TimeLimit} from './withTimeLimit.ts';
