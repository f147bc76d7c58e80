/**
 * What went wrong.
 *
 * - `unsupported`: this page cannot have a service worker, this browser cannot do what was asked, or the worker lacks a
 *   feature. The message of the latter says what to add.
 * - `registration-failed`: the browser refused the worker's script. See `cause`.
 * - `out-of-scope`: the worker's scope does not cover this page, so it can never control it.
 * - `waiting`: an older worker without Holdfast controls the page, and the new one waits. See `activateWaiting` of
 *   `register()`.
 * - `install-failed`: the worker's script ran, but its installation or activation failed, or it removed itself.
 * - `no-worker`: there is no active worker to ask.
 * - `not-isolated`: the page is not cross-origin isolated, and a reload did not help or is not possible.
 * - `stage-failed`: a release could not be staged. The error is a `StageError`, which has the `failures`.
 * - `download-failed`: a file could not be stored. The error is a `DownloadError`, which has the `reason`.
 * - `refused`: the worker answered that it will not or cannot do it. The message says why.
 * - `timeout`: no answer, or no progress, within the time limit. The message says what was waited for.
 */
export type HoldfastErrorCode =
  | 'unsupported'
  | 'registration-failed'
  | 'out-of-scope'
  | 'waiting'
  | 'install-failed'
  | 'no-worker'
  | 'not-isolated'
  | 'stage-failed'
  | 'download-failed'
  | 'refused'
  | 'timeout';

/** The error that the calls of this package reject with. (An argument of a wrong kind causes a TypeError.) */
export class HoldfastError extends Error {
  override readonly name = 'HoldfastError';
  readonly code: HoldfastErrorCode;

  constructor(code: HoldfastErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
