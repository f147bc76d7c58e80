import type {LineInfo} from '@holdfast/service-worker/messages';
import type {TimeLimit} from './withTimeLimit.ts';
import {ask} from './workerLink.ts';

/**
 * Lists every line that the worker looks after, with its releases, their states and sizes.
 *
 * @param options `timeoutSeconds` is 30 by default: files of a type that servers compress are measured.
 * @throws HoldfastError `no-worker`, `unsupported` (the worker has no listing), `refused` (storage cannot be read),
 * `timeout`.
 */
export const releases = async ({timeoutSeconds = 30}: TimeLimit = {}): Promise<LineInfo[]> =>
  (await ask('HOLDFAST_LIST_RELEASES', {}, timeoutSeconds)).lines;
