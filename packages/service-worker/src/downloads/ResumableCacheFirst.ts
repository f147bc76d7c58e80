import {Strategy} from 'workbox-strategies/Strategy.js';
import type {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';
import {accountKey, publicEntry} from '../storage/accounts/accountKey.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {FileRequest} from './FileRequest.ts';
import {checkOptions, DEFAULT_SIZES, type ResumableCacheFirstOptions, type Sizes} from './options.ts';

/**
 * Workbox's `CacheFirst` for files of any size. An interrupted download resumes where it stopped, memory stays flat,
 * ranges are answered, and all requests for a file share one download.
 *
 * @example
 * registerRoute(
 *   ({url}) => url.hostname === 'huggingface.co',
 *   new ResumableCacheFirst({cacheName: 'models', plugins: [new StableKeyPlugin()]}),
 * );
 */
export class ResumableCacheFirst extends Strategy {
  readonly sizes: Sizes;
  readonly isHtml: boolean | undefined;
  readonly worker: WorkerState;
  /** The last request of each event. */
  readonly files = new WeakMap<ExtendableEvent, FileRequest>();

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: ResumableCacheFirstOptions = {}, worker: WorkerState = thisWorker) {
    super(options);
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    const {minBytes = DEFAULT_SIZES.minBytes, pieceBytes = DEFAULT_SIZES.pieceBytes} = options;
    this.sizes = {minBytes, pieceBytes};
    this.isHtml = options.html;
    this.worker = worker;
    // For a route without plugins of ours, which do the same.
    this.plugins.push({
      cacheKeyWillBeUsed: async ({request, event, mode}) => accountKey(worker, event, request, mode),
      cachedResponseWillBeUsed: publicEntry,
    });
  }

  override _handle(request: Request, handler: StrategyHandler): Promise<Response> {
    const file = new FileRequest(this, handler, request);
    this.files.set(handler.event, file);
    return file.answer();
  }
}
