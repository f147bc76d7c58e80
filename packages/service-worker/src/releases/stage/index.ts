export type {ReleaseEvent} from './events.ts';
export {handleReleaseMessages, type ReleaseMessagesOptions} from './handleReleaseMessages.ts';
export type {
  AssetSource,
  ReleaseMessages,
  ReleaseMessageType,
  StageAnswer,
  StageFailure,
  StageFailureReason,
  StageProgress,
  StageReport,
} from './messages.ts';
