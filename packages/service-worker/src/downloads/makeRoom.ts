import {storeFailure} from '../guard/storeFailure.ts';
import {executeQuotaErrorCallbacks} from '../worker/workboxInternals.ts';

/**
 * Runs the plugins with `purgeOnQuotaError` when storage is full, as after a put of Workbox's own. It never rejects.
 *
 * @returns whether storage was full.
 */
export const makeRoom = async (error: unknown): Promise<boolean> => {
  const isFull = storeFailure(error) === 'quota-exceeded';
  await (isFull && executeQuotaErrorCallbacks().catch(() => undefined));
  return isFull;
};
