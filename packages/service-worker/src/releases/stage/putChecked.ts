import {checkedResponse, expectedOf} from '../../integrity/index.ts';
import type {AssetSource, FailureReason, IntegrityFailure} from '../../messages/protocol.ts';
import type {Task} from './Stage.ts';

/** Tells whether a failure means that the bytes are others than they must be. */
export const isWrong = (reason: FailureReason | number | undefined): boolean =>
  reason === 'wrong-digest' || reason === 'too-short' || reason === 'too-long';

/**
 * Stores a response where the asset belongs, if its bytes turn out to be right.
 *
 * @param onBytes is called whenever bytes arrive.
 * @returns why it was not stored, if so.
 * @throws the signal's reason.
 */
export const putChecked = async (
  response: Response,
  source: AssetSource,
  {asset, place, flight, stage: {progress, signal}}: Task,
  onBytes?: () => void,
): Promise<FailureReason | undefined> => {
  let failure: IntegrityFailure | undefined;
  const count = progress.begin(asset, source);
  const checked = checkedResponse(
    response,
    expectedOf(asset),
    (found) => {
      failure = found;
    },
    (bytes) => {
      count(bytes);
      flight.signs += 1;
      onBytes?.();
    },
  );
  const reason = await place.write({response: checked, failure: () => failure});
  // An aborted body fails its put as a broken connection does.
  signal.throwIfAborted();
  return (failure as IntegrityFailure | undefined)?.reason ?? reason;
};
