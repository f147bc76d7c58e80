import type {Feature} from '../messages/Feature.ts';
import {MessageListener} from '../messages/MessageListener.ts';
import {downloadMessages} from './downloadMessages.ts';
import {FileDownloads} from './FileDownloads.ts';
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
    // As the strategy does: there may be no route with it.
    worker.part(FileDownloads);
    worker.part(MessageListener).answer(downloadMessages(worker));
  },
  strategies: {ResumableCacheFirst: (options) => new ResumableCacheFirst(options)},
});
