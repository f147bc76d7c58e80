import type {TimeLimit} from './withTimeLimit.ts';
import {ask} from './workerLink.ts';

/**
 * Has what this page requests belong to a name: what is private is stored for that name, and answers no other. Call it
 * after each load of a page whose user is signed in. The name is not stored, only a digest of it.
 *
 * Needed where cookies tell accounts apart, since no worker sees them, and where a token is replaced often: without a
 * name, each token has a partition of its own. A page that has signed in by another name has no name from then on.
 *
 * @param options `timeoutSeconds` is 10 by default.
 * @throws HoldfastError `no-worker`, `unsupported` (the worker has no accounts), `refused` (the name is empty, or storage
 * failed), `timeout`.
 */
export const signIn = async (name: string, {timeoutSeconds = 10}: TimeLimit = {}): Promise<void> => {
  await ask('HOLDFAST_SIGN_IN', {name}, timeoutSeconds);
};
