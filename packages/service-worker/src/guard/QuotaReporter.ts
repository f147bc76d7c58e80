import {registerQuotaErrorCallback} from 'workbox-core/registerQuotaErrorCallback.js';
import {Channel} from '../messages/Channel.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {estimate} from './estimate.ts';

/**
 * Reports that the quota is exceeded. Workbox calls back when a put of its own fails for that reason, and
 * `VersionScopePlugin` when one of its own does: once in each worker, however many guards there are.
 */
export class QuotaReporter {
  constructor(worker: WorkerState) {
    registerQuotaErrorCallback(async () => {
      const {usage = 0, quota = 0} = await estimate();
      worker.part(Channel).report({type: 'QUOTA_EXCEEDED', payload: {usage, quota}});
    });
  }
}
