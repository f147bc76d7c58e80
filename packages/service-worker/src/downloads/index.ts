export {handleDownloadMessages} from './handleDownloadMessages.ts';
export type {
  DownloadFailure,
  DownloadStateAnswer,
  LargeFilesMessages,
  LargeFilesMessageType,
} from './messages.ts';
export type {ResumableCacheFirstOptions} from './options.ts';
export {ResumableCacheFirst} from './ResumableCacheFirst.ts';
