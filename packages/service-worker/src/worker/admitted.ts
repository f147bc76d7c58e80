import {discardBody} from '../http/discardBody.ts';
import type {StoreFailure} from './failures.ts';
import type {StoragePlace} from './StorageLedger.ts';
import type {WorkerState} from './WorkerState.ts';

/** Returns the bytes of a body as they are announced. Behind a `Content-Encoding` there are more. */
export const announcedBytes = ({headers}: Response): number | undefined =>
  Number(headers.get('content-length') ?? Number.NaN) || undefined;

/**
 * Stores a response, if the worker's budgets have room for it.
 *
 * @param put stores it, and returns what prevented that, if anything did.
 * @param measure returns the bytes of what is stored elsewhere than in a cache.
 * @returns why it is not stored, if so.
 */
export const admitted = async (
  {ledger}: WorkerState,
  place: StoragePlace,
  response: Response,
  put: () => Promise<StoreFailure | undefined>,
  measure?: () => Promise<number | undefined>,
): Promise<StoreFailure | undefined> => {
  const refusal = await ledger?.admit(place, announcedBytes(response), response.headers.get('content-type'));
  if (refusal) {
    discardBody(response);
    return refusal;
  }
  let reason: StoreFailure | undefined = 'storage-failed';
  try {
    reason = await put();
    return reason;
  } finally {
    const bytes = reason ? undefined : await measure?.().catch(() => undefined);
    ledger?.settle(place, bytes, !reason);
  }
};
