import type {StorageUsage} from '@holdfast/service-worker/messages';
import type {TimeLimit} from './withTimeLimit.ts';
import {ask} from './workerLink.ts';

/**
 * Lists what is stored: of everything, and by namespace, route, line and release; how many files and bytes, how old they
 * are, how often they were answered from storage, and why others were not stored.
 *
 * @param options `timeoutSeconds` is 60 by default: what the worker stores is compared with its ledger first.
 * @throws HoldfastError `no-worker`, `unsupported` (the worker has no inspection), `refused` (storage cannot be read),
 * `timeout`.
 *
 * @example
 * const {groups} = await usage();
 * const all = groups.find(({kind}) => kind === 'all');
 * console.log(`${all.entries} files, ${all.bytes} bytes`);
 */
export const usage = ({timeoutSeconds = 60}: TimeLimit = {}): Promise<StorageUsage> =>
  ask('HOLDFAST_USAGE', {}, timeoutSeconds);
