import {shownUrl} from '@holdfast/service-worker/http';
import {type AssetFailure, type FailureReason, failureText} from '@holdfast/service-worker/messages';
import {HoldfastError} from './HoldfastError.ts';

/** A file could not be stored. The code is `download-failed`. The bytes that arrived stay, for the next attempt. */
export class DownloadError extends HoldfastError {
  readonly reason: FailureReason;
  /** The status of the host's answer, where that is the reason. */
  readonly status: number | undefined;

  constructor(failure: AssetFailure) {
    super('download-failed', `${shownUrl(failure.key)} was not stored: ${failureText(failure)}.`);
    this.reason = failure.reason;
    this.status = failure.status;
  }
}
