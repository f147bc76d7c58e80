import {checkedBody} from './checkedBody.ts';
import type {IntegrityFailure} from './events.ts';
import type {Expected} from './expectations.ts';

/** How a body is read. */
export interface Reading {
  /** Told of every piece that was read, in bytes. */
  onBytes?: ((bytes: number) => void) | undefined;
  /** Ends the reading. */
  signal?: AbortSignal | undefined;
}

/**
 * Reads the body of a response to its end.
 *
 * @returns what is wrong with it, if anything is.
 * @throws what the body breaks off with, or the signal's reason.
 */
export const failureOf = async (
  response: Response,
  expected: Expected,
  {onBytes, signal}: Reading = {},
): Promise<IntegrityFailure | undefined> => {
  let failure: IntegrityFailure | undefined;
  const onFailure = (found: IntegrityFailure): void => {
    failure = found;
  };
  const body = checkedBody(response, expected, onFailure, onBytes);
  await body.pipeTo(new WritableStream(), signal && {signal}).catch((error) => {
    if (!failure) {
      throw error;
    }
  });
  return failure;
};
