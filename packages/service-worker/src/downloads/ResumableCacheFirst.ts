import type {WorkboxPlugin} from 'workbox-core/types.js';
import {Strategy} from 'workbox-strategies/Strategy.js';
import type {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';
import {accountKey, publicEntry} from '../worker/accountKey.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {FileRequest} from './FileRequest.ts';
import {checkOptions, DEFAULT_SIZES, type ResumableCacheFirstOptions, type Sizes} from './options.ts';

/** A plugin of ours has its name in this field. */
interface OurPlugin extends WorkboxPlugin {
  holdfast?: string;
}

/** Plugins that give a key to the account that asks. A route without them needs another one. */
const KEEP_ACCOUNTS_APART: readonly unknown[] = ['stableKey', 'quotaGuard', 'versionScope'];

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
    if (!this.plugins.some((plugin) => KEEP_ACCOUNTS_APART.includes((plugin as OurPlugin).holdfast))) {
      const apart: OurPlugin = {
        holdfast: 'accounts',
        cacheKeyWillBeUsed: async ({request, event, mode}) => accountKey(worker, event, request, mode),
        cachedResponseWillBeUsed: publicEntry,
      };
      this.plugins.push(apart);
    }
  }

  override _handle(request: Request, handler: StrategyHandler): Promise<Response> {
    const file = new FileRequest(this, handler, request);
    this.files.set(handler.event, file);
    return file.answer();
  }
}
