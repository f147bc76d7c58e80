import {executeQuotaErrorCallbacks} from 'workbox-core/_private/executeQuotaErrorCallbacks.js';

/** As after a put of Workbox's own: plugins with `purgeOnQuotaError` wait for it. */
export const makeRoom = async (error: unknown): Promise<void> => {
  if ((error as Error | undefined)?.name === 'QuotaExceededError') {
    await executeQuotaErrorCallbacks();
  }
};
