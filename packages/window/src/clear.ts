import type {Cleared, ClearSelection} from '@holdfast/service-worker/messages';
import type {TimeLimit} from './withTimeLimit.ts';
import {ask} from './workerLink.ts';

/**
 * Deletes what the worker has stored, or a part of it: the file of a URL, those whose keys match a pattern, a release, a
 * line, or what an app of the workspace has stored. Also the current release goes, where it is chosen. Caches of others
 * stay.
 *
 * @param selection one of its fields, or none for everything.
 * @param options `timeoutSeconds` is 60 by default.
 * @returns how many files and bytes were deleted.
 * @throws HoldfastError `no-worker`, `unsupported` (the worker has no inspection), `refused` (no route has the line, or
 * storage failed), `timeout`.
 *
 * @example
 * await clear({pattern: 'https://huggingface.co/*'});
 * await clear({line: {name: 'models', values: {locale: 'en-us'}}});
 * await clear();
 */
export const clear = (
  selection: ClearSelection = {},
  {timeoutSeconds = 60}: TimeLimit = {},
): Promise<Cleared> => {
  const {url} = selection;
  const absolute = url === undefined ? undefined : new URL(url, document.baseURI).href;
  return ask(
    'HOLDFAST_CLEAR',
    absolute === undefined ? selection : {...selection, url: absolute},
    timeoutSeconds,
  );
};
