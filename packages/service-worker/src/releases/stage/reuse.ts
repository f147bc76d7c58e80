import {accountIn} from '../../http/partition.ts';
import {pinOf} from '../pinRequest.ts';
import {placeOf} from './Place.ts';
import {isWrong, putChecked} from './putChecked.ts';
import type {Outcome, Task} from './Stage.ts';

/**
 * Copies an asset from another release that has the same bytes.
 *
 * @returns `undefined` if there is none. A copy that is damaged there stays for a check of that release: it may be this
 *   manifest that is wrong.
 */
export const reuse = async (task: Task): Promise<Outcome | undefined> => {
  const {asset, stage} = task;
  const {releases, signal} = stage;
  for (const {line, version, key, file} of stage.sourcesOf(asset)) {
    signal.throwIfAborted();
    // What another account has fetched answers this one as little as a page.
    if (![undefined, accountIn(asset.key)].includes(accountIn(key))) {
      continue;
    }
    const source = placeOf(releases, pinOf(releases, key, line, version), file);
    const response = await source.read().catch(() => undefined);
    if (response && response.type !== 'opaque') {
      const reason = await putChecked(response, 'reused', task);
      if (!reason) {
        return 'reused';
      }
      if (!isWrong(reason) && reason !== 'body-incomplete') {
        // There would be no place for what is fetched, either.
        return {key: asset.key, reason};
      }
    }
  }
  return undefined;
};
