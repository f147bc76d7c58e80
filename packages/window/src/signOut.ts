import type {SignOutReport} from '@holdfast/service-worker/messages';
import type {TimeLimit} from './withTimeLimit.ts';
import {ask} from './workerLink.ts';

/**
 * Deletes everything that is stored for the account of this page, in all tabs: what was requested with its credentials,
 * and what is private to its name. What is stored for everybody stays. Downloads in progress are not stored.
 *
 * It deletes what closed tabs and web workers have stored with credentials, too: nothing tells any more whose it is.
 *
 * @param options `timeoutSeconds` is 30 by default: every cache of the origin is read.
 * @returns how many stored files were deleted.
 * @throws HoldfastError `no-worker`, `unsupported` (the worker has no accounts), `refused` (storage failed), `timeout`.
 */
export const signOut = ({timeoutSeconds = 30}: TimeLimit = {}): Promise<SignOutReport> =>
  ask('HOLDFAST_SIGN_OUT', {}, timeoutSeconds);
