export type {
  AssetFailure,
  AssetSource,
  Cleared,
  ClearSelection,
  DownloadProgress,
  Explanation,
  FailureReason,
  JobState,
  LineInfo,
  LineName,
  MissedRoute,
  ReleaseInfo,
  ReleaseState,
  RouteInfo,
  SignOutReport,
  StageProgress,
  StageReport,
  StorageUsage,
  StoredInfo,
  SwitchAnswer,
  UsageInfo,
  UsageKind,
} from '@holdfast/service-worker/messages';
export {clear} from './clear.ts';
export {DownloadError} from './DownloadError.ts';
export {type DownloadHandle, type DownloadOptions, type DownloadReport, download} from './download.ts';
export {type ExplainOptions, explain, type UrlExplanation} from './explain.ts';
export {
  type FollowOptions,
  followStages,
  type StagedAsset,
  type StageEventMap,
  type StageEvents,
} from './followStages.ts';
export {HoldfastError, type HoldfastErrorCode} from './HoldfastError.ts';
export {isolate} from './isolate.ts';
export {
  type Line,
  line,
  type StageOptions,
  type StageResult,
  type SwitchOptions,
  type VerifyOptions,
} from './line.ts';
export {persist} from './persist.ts';
export {type RegisterOptions, register} from './register.ts';
export {releases} from './releases.ts';
export type {JobOptions} from './runJob.ts';
export {StageError} from './StageError.ts';
export {signIn} from './signIn.ts';
export {signOut} from './signOut.ts';
export {turnOff} from './turnOff.ts';
export {usage} from './usage.ts';
export type {TimeLimit} from './withTimeLimit.ts';
