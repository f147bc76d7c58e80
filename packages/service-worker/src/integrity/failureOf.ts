import type {Expected, IntegrityFailure} from '../messages/protocol.ts';
import {type Reading, readThrough} from './readThrough.ts';
import {streamingSha256} from './streamingSha256.ts';

/**
 * Reads the body of a response to its end.
 *
 * @returns what is wrong with it; `undefined` where nothing is.
 * @throws the error of the body, or the signal's reason.
 */
export const failureOf = (
  response: Response,
  expected: Expected,
  reading?: Reading,
): Promise<IntegrityFailure | undefined> => readThrough(response, expected, streamingSha256, reading);
