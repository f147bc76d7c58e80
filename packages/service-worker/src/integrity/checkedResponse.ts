import {checkedBody, type OnFailure} from './checkedBody.ts';
import type {Expected} from './expectations.ts';
import {withBody} from './withBody.ts';

/** Tells `VersionScopePlugin` why a put has failed. A symbol, because the two plugins share no code. */
const INTEGRITY_FAILED = Symbol.for('holdfast.integrity-failed');

/**
 * The same answer, with a {@link checkedBody}: to put it into a cache fails unless the bytes are right.
 *
 * @param onBytes is told of every piece that passes, in bytes.
 */
export const checkedResponse = (
  response: Response,
  expected: Expected,
  onFailure: OnFailure,
  onBytes?: (bytes: number) => void,
): Response => {
  const fail: OnFailure = (failure) => {
    Object.assign(checked, {[INTEGRITY_FAILED]: true});
    onFailure(failure);
  };
  const checked = withBody(response, checkedBody(response, expected, fail, onBytes));
  return checked;
};
