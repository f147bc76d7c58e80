import {withoutSecret} from '../http/withoutSecret.ts';
import type {Wanted} from './begin.ts';
import type {Stored} from './FileDownload.ts';
import type {FileDownloads} from './FileDownloads.ts';
import {type Fetched, fetchedAtOnce} from './FileFetcher.ts';
import {NotStored} from './NotStored.ts';
import {DEFAULT_SIZES, type Sizes} from './options.ts';

/**
 * Fetches a file for something that stores it as a whole. A large file resumes from what earlier requests have stored,
 * and is stored in pieces while it arrives.
 *
 * @param wanted the signal of its request ends an answer that is no large file.
 * @param signal ends the body of a large file, whose connections may change meanwhile.
 * @throws UpstreamFailure where the host has the rest of the file no more, the signal's reason, and what `fetch` throws.
 */
export const fetchToStore = async (
  downloads: FileDownloads,
  wanted: Wanted,
  signal: AbortSignal,
  sizes: Sizes = DEFAULT_SIZES,
): Promise<Fetched> => {
  const file = Object.assign({}, wanted, {key: await withoutSecret(wanted.key)});
  const obtained = await downloads.obtain(file, sizes, async () => undefined);
  if (!('download' in obtained)) {
    return fetchedAtOnce('response' in obtained ? obtained.response : obtained.stored);
  }
  const {download, part, upstream} = obtained;
  const {size, headers} = download;
  // The reader learns of a failure.
  download.fetchAll(part, upstream).catch(() => undefined);
  const body = download.read({start: 0, end: size}, signal, upstream);
  if (signal.aborted) {
    await body.cancel();
    throw signal.reason;
  }
  let settle: (outcome: Stored) => void = () => undefined;
  download.storing ??= new Promise((resolve) => {
    settle = resolve;
  });
  return {
    response: new Response(body, {headers}),
    isResumable: true,
    failure: () => download.failure,
    end: async (outcome) => {
      if (outcome === 'stored') {
        download.finish('done').catch(() => undefined);
        settle('stored');
      } else {
        download.storing = undefined;
        await (outcome === 'wrong' && download.drop(new NotStored('integrity-failed')));
        settle(outcome === 'wrong' ? 'integrity-failed' : undefined);
      }
    },
  };
};
