import type {DownloadFailure} from '@holdfast/service-worker/downloads/messages.js';
import type {StoreFailure} from '@holdfast/service-worker/releases/events.js';
import {HoldfastError} from './HoldfastError.ts';
import {inWords} from './inWords.ts';

/**
 * Why a file could not be brought in: the worker could not store it (`quota-exceeded`, `storage-failed` and the others
 * of `@holdfast/version-scope`), or
 *
 * - `status`: its host has answered with something else than the file.
 * - `not-routed`: no `ResumableCacheFirst` of the worker has answered the request.
 * - `not-stored`: one has, to the last byte, and it is not stored. One of its plugins may have refused it.
 */
export type DownloadFailureReason = DownloadFailure['reason'] | StoreFailure | 'not-routed' | 'not-stored';

/** A file could not be brought in. The code is `download-failed`. What is there of it stays, for the next attempt. */
export class DownloadError extends HoldfastError {
  readonly reason: DownloadFailureReason;
  /** That of the host's answer, where it is the reason. */
  readonly status: number | undefined;

  /** @param name what the file is called in the message. */
  constructor(name: string, failure: {reason: DownloadFailureReason; status?: number | undefined}) {
    super('download-failed', `${name} was not stored: ${inWords(failure)}.`);
    this.reason = failure.reason;
    this.status = failure.status;
  }
}
