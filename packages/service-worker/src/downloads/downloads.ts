import type {Feature} from '../messages/Feature.ts';
import {MessageListener} from '../messages/MessageListener.ts';
import {downloadMessages} from './downloadMessages.ts';
import {FileDownloads} from './FileDownloads.ts';
import {FileFetcher} from './FileFetcher.ts';
import {fetchToStore} from './fetchToStore.ts';
import {ResumableCacheFirst} from './ResumableCacheFirst.ts';

/**
 * Adds resumable downloads to a worker: the strategy `ResumableCacheFirst` for its routes, and what `download()` of
 * `@holdfast/window` asks for.
 *
 * @example
 * registerAssets(huggingFace({resumable: true}), {features: [downloads()]});
 */
export const downloads = (): Feature => ({
  setUp: (worker) => {
    // From now on, the pieces of releases that are evicted are deleted with them.
    const files = worker.part(FileDownloads);
    // And stages fetch large files in pieces.
    worker.part(FileFetcher).inPieces = (wanted, signal) => fetchToStore(files, wanted, signal);
    worker.part(MessageListener).answer(downloadMessages(worker));
  },
  strategies: {ResumableCacheFirst: (options) => new ResumableCacheFirst(options)},
});
