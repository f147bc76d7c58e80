import type {StoreFailure} from './events.ts';
import {storeFailure} from './storeFailure.ts';

/**
 * Reads a response that is kept in another way than as an entry to its end, so that a plugin that checks its bytes may
 * find them wrong.
 *
 * @param body as it is kept. Where the response still has that one, nobody checks it.
 * @returns why it must not be kept, if so.
 */
export const lookThrough = async (response: Response, body: unknown): Promise<StoreFailure | undefined> => {
  if (response.body === body) {
    return undefined;
  }
  return response.body?.pipeTo(new WritableStream()).then(
    () => undefined,
    (error) => storeFailure(error, response),
  );
};
