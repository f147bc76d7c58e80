import {storeFailure} from '../guard/storeFailure.ts';
import type {StoreFailure} from '../messages/protocol.ts';

/**
 * Reads a response to its end that is kept in another way than as an entry, so that a plugin that checks its bytes may
 * find them wrong.
 *
 * @param body as it is kept. Where the response still has that one, no plugin checks it.
 * @returns why it must not be kept, if so.
 */
export const readThrough = async (response: Response, body: unknown): Promise<StoreFailure | undefined> =>
  response.body === body
    ? undefined
    : response.body?.pipeTo(new WritableStream()).then(() => undefined, storeFailure);
