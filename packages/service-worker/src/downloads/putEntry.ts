import {storeFailure} from '../guard/storeFailure.ts';
import {hideUrl} from '../http/hideUrl.ts';
import {publicKey} from '../http/partition.ts';
import {withoutUrls} from '../http/withoutUrls.ts';
import type {StoreFailure} from '../messages/protocol.ts';
import {admitted} from '../worker/admitted.ts';
import type {RequestContext} from '../worker/RequestContext.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {makeRoom} from './makeRoom.ts';

/** What an entry is stored for. */
interface Asking {
  readonly worker: WorkerState;
  readonly context: RequestContext;
}

/**
 * Stores a response as an entry, if the worker's budgets have room for it.
 *
 * @param open opens the cache, once there is room.
 * @returns why it is not stored, if so.
 */
export const putEntry = (
  {worker, context}: Asking,
  cacheName: string,
  key: Request,
  response: Response,
  open: () => Promise<Cache>,
): Promise<StoreFailure | undefined> =>
  admitted(worker, {key: key.url, cacheName}, response, async () => {
    try {
      await (await open()).put(key, withoutUrls(hideUrl(response, publicKey(key.url))));
      return undefined;
    } catch (error) {
      await makeRoom(error);
      const reason = storeFailure(error);
      const isWrong = reason === 'body-incomplete' && context.integrityFailures.has(response);
      return isWrong ? 'integrity-failed' : reason;
    }
  });
