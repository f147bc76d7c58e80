import {storeFailure} from '../guard/storeFailure.ts';
import {executeQuotaErrorCallbacks} from '../worker/workboxInternals.ts';

/** Runs the plugins with `purgeOnQuotaError` when storage is full, as after a put of Workbox's own. It never rejects. */
export const makeRoom = async (error: unknown): Promise<void> => {
  if (storeFailure(error) === 'quota-exceeded') {
    await executeQuotaErrorCallbacks().catch(() => undefined);
  }
};
