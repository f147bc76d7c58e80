import type {Expected, IntegrityFailure} from '../messages/protocol.ts';
import {checkedBody} from './checkedBody.ts';
import type {StreamingSha256} from './createHasher.ts';

/** How a body is read. */
export interface Reading {
  /** Called with the number of bytes of every chunk. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** Ends the reading. */
  signal?: AbortSignal | undefined;
}

/**
 * Reads the body of a response to its end, and digests a large one with what it is given.
 *
 * @returns what is wrong with it; `undefined` where nothing is.
 * @throws the error of the body, or the signal's reason.
 */
export const readThrough = async (
  response: Response,
  expected: Expected,
  streaming: StreamingSha256 | undefined,
  {onBytes, signal}: Reading = {},
): Promise<IntegrityFailure | undefined> => {
  let failure: IntegrityFailure | undefined;
  const onFailure = (found: IntegrityFailure): void => {
    failure = found;
  };
  const body = checkedBody(response, expected, streaming, onFailure, onBytes);
  await body.pipeTo(new WritableStream(), signal && {signal}).catch((error) => {
    if (!failure) {
      throw error;
    }
  });
  return failure;
};
