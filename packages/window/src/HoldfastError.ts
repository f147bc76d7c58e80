/**
 * What went wrong.
 *
 * - `unsupported`: this page cannot have a service worker, or this browser cannot do what was asked.
 * - `registration-failed`: the browser refused the worker's script. See `cause`.
 * - `out-of-scope`: the worker's scope does not cover this page, so it will never control it.
 * - `install-failed`: the worker's script ran, and its installation or activation failed, or it removed itself.
 * - `no-worker`: there is no active worker to ask.
 * - `not-isolated`: the page is not cross-origin isolated, and a reload did not help or cannot be made.
 * - `stage-failed`: a release could not be brought in whole. The error is a `StageError`, which has the `failures`.
 * - `download-failed`: a file could not be brought in. The error is a `DownloadError`, which has the `reason`.
 * - `refused`: the worker will not or cannot do it. The message says why.
 * - `timeout`: no answer within the time limit, or no progress.
 */
export type HoldfastErrorCode =
  | 'unsupported'
  | 'registration-failed'
  | 'out-of-scope'
  | 'install-failed'
  | 'no-worker'
  | 'not-isolated'
  | 'stage-failed'
  | 'download-failed'
  | 'refused'
  | 'timeout';

/** The error of this package. (An argument that makes no sense, such as a time limit of 0 s, is a TypeError.) */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError';
  readonly code: HoldfastErrorCode;

  constructor(code: HoldfastErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
