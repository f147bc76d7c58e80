import {discardBody} from '../http/discardBody.ts';
import type {Expected} from '../messages/protocol.ts';
import type {OnFailure} from './checkedBody.ts';
import type {StreamingSha256} from './createHasher.ts';
import {readThrough} from './readThrough.ts';

/**
 * Returns the response itself, after a copy of it was read to its end and found right. Meanwhile its body is in memory,
 * so this is for redirected code only, which must not be rebuilt.
 *
 * @returns `undefined` where it is wrong.
 * @throws the error of the body.
 */
export const readAhead = async (
  response: Response,
  expected: Expected,
  streaming: StreamingSha256 | undefined,
  onFailure: OnFailure,
): Promise<Response | undefined> => {
  const failure = await readThrough(response.clone(), expected, streaming);
  if (!failure) {
    return response;
  }
  onFailure(failure);
  discardBody(response);
  return undefined;
};
