import {rebuildResponse} from '../http/rebuildResponse.ts';
import type {Expected} from '../messages/protocol.ts';
import {checkedBody, type OnFailure} from './checkedBody.ts';
import {streamingSha256} from './streamingSha256.ts';

/**
 * Returns the same answer with a {@link checkedBody}: to put it into a cache fails unless the bytes are right.
 *
 * @param response with the status 200. An opaque one cannot be checked.
 * @param onBytes called with the number of bytes of every chunk.
 */
export const checkedResponse = (
  response: Response,
  expected: Expected,
  onFailure: OnFailure,
  onBytes?: (bytes: number) => void,
): Response =>
  rebuildResponse(response, {body: checkedBody(response, expected, streamingSha256, onFailure, onBytes)});
