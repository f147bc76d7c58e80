import {HoldfastError} from './HoldfastError.ts';
import {type TimeLimit, withTimeLimit} from './withTimeLimit.ts';

/**
 * Asks the browser not to clear this site's storage when the disk is full. A browser may ask the user, so call it when
 * the reason is clear: before the first large download.
 *
 * @param options `timeoutSeconds` is 60 by default, because a user may have to answer.
 * @returns what the browser decided. `false` is not an error: everything works, but may be cleared.
 * @throws HoldfastError `unsupported`, `timeout`.
 */
export const persist = async ({timeoutSeconds = 60}: TimeLimit = {}): Promise<boolean> => {
  if (!navigator.storage?.persist) {
    throw new HoldfastError('unsupported', 'This browser has no navigator.storage.persist().');
  }
  return withTimeLimit(
    () => navigator.storage.persist(),
    {timeoutSeconds},
    () => 'an answer about persistent storage',
  );
};
