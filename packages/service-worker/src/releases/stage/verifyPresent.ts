import {expectedOf, failureOf} from '../../integrity/index.ts';
import type {IntegrityReason} from '../../messages/protocol.ts';
import type {Outcome, Task} from './Stage.ts';

/** Reads what is stored. Returns what is wrong with it, if anything is. */
const reasonOf = async (
  response: Response,
  {asset, flight, stage: {progress, signal}}: Task,
): Promise<IntegrityReason | undefined> => {
  if (response.type === 'opaque') {
    return 'opaque';
  }
  try {
    const count = progress.begin(asset, 'present');
    const onBytes = (bytes: number): void => {
      count(bytes);
      flight.signs += 1;
    };
    return (await failureOf(response, expectedOf(asset), {onBytes, signal}))?.reason;
  } catch {
    signal.throwIfAborted();
    return 'unreadable';
  }
};

/**
 * Verifies an asset that is where it belongs. What is damaged is deleted.
 *
 * @returns `undefined` if it is missing, or was damaged.
 */
export const verifyPresent = async (task: Task): Promise<Outcome | undefined> => {
  const {asset, place, stage} = task;
  const response = stage.isKnownMissing(asset) ? undefined : await place.read().catch(() => undefined);
  if (!response) {
    return undefined;
  }
  const reason = await reasonOf(response, task);
  if (reason === 'cannot-digest') {
    return {key: asset.key, reason};
  }
  if (reason) {
    // Where storage fails, the right bytes replace it all the same.
    await place.remove().catch(() => undefined);
    await stage.onDamage(asset);
    return undefined;
  }
  return 'present';
};
