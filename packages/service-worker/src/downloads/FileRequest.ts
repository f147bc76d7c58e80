import type {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';
import {answerFromStored} from '../http/answerFromStored.ts';
import {answerRanges, rangesOf} from '../http/answerRanges.ts';
import {deriveRequest} from '../http/deriveRequest.ts';
import {discardBody} from '../http/discardBody.ts';
import {multipart} from '../http/multipart.ts';
import {shownUrl} from '../http/shownUrl.ts';
import {sleep} from '../timing/sleep.ts';
import type {RequestContext} from '../worker/RequestContext.ts';
import {logger} from '../worker/workboxInternals.ts';
import {cachePut, type Handled} from './cachePut.ts';
import type {FileDownload, Stored} from './FileDownload.ts';
import {FileDownloads, type Obtained} from './FileDownloads.ts';
import {putTogether} from './putTogether.ts';
import type {ResumableCacheFirst} from './ResumableCacheFirst.ts';
import type {Part} from './Upstream.ts';

/**
 * How long an event holds the worker for a download. Chromium ends an event that takes longer than five minutes, with
 * its connections. From then on the messages of `download()` of `@holdfast/window` keep the worker alive.
 */
const HOLD_FOR_MS = 240_000;

/** One request that {@link ResumableCacheFirst} handles, with the callbacks of its plugins. */
export class FileRequest implements Handled {
  readonly handler: StrategyHandler;
  readonly request: Request;
  readonly context: RequestContext;
  /** The URL under which the file is stored, from the look-up on. */
  key = '';
  /** Only of a large file that is not an entry yet. */
  download: FileDownload | undefined;
  /** What becomes of the file behind the answer. Rejects with what the host, storage or a plugin failed with. */
  stored: Promise<Stored> | undefined;
  private readonly strategy: ResumableCacheFirst;

  constructor(strategy: ResumableCacheFirst, handler: StrategyHandler, request: Request) {
    this.handler = handler;
    this.request = request;
    this.context = strategy.worker.contextOf(handler.event);
    this.context.sharesDownloads = true;
    this.strategy = strategy;
  }

  /**
   * Answers the request: from what is stored, from a download that others may share, or as other strategies do.
   *
   * @throws what `fetch`, storage or a plugin fails with.
   */
  async answer(): Promise<Response> {
    const {request, strategy} = this;
    const stored = await this.lookUp();
    this.key = (await this.handler.getCacheKey(request, 'read')).url;
    if (stored) {
      return this.answerFrom(stored);
    }
    const asked = await this.asked();
    const obtained = await this.obtain(asked);
    if ('stored' in obtained) {
      return this.answerFrom(obtained.stored);
    }
    if ('response' in obtained) {
      const answer = await this.succeeded(asked, obtained.response);
      this.follow(cachePut(this, answer.clone(), strategy.cacheName));
      return answer;
    }

    const {download, part} = obtained;
    const {size, headers} = download;
    // A host that answers with more than the range answers no ranges.
    const [range = part] = rangesOf(asked, download) ?? [];
    const isMore = part && range && part.end - part.start > range.end - range.start;
    const wanted = isMore ? deriveRequest(asked, {headers: {range: null}}) : asked;
    const read: FileDownload['read'] = (what) => download.read(what, request.signal);
    const answer = answerRanges(wanted, {size, headers, read}, multipart);
    this.download = download;
    this.follow(this.store(wanted, download, part));
    return this.succeeded(asked, answer);
  }

  private readonly lookUp = (): Promise<Response | undefined> => this.handler.cacheMatch(this.request);

  private answerFrom(stored: Response): Promise<Response> {
    this.stored = Promise.resolve('stored');
    return answerFromStored(this.request, stored, multipart);
  }

  /** Joins the download of the file, or begins one. */
  private async obtain(asked: Request): Promise<Obtained> {
    const {context, handler, key, request, strategy} = this;
    const homeNow = (): string | undefined => (context.home ? context.home() : strategy.cacheName);
    const home = homeNow();
    try {
      // What must not be stored, or is checked by the browser as a whole, is fetched as by other strategies.
      return home === undefined || asked.integrity
        ? {response: await fetch(asked)}
        : await strategy.worker
            .part(FileDownloads)
            .obtain(
              {key, request: asked, home, mayBeStored: () => homeNow() === home},
              strategy.sizes,
              this.lookUp,
            );
    } catch (error) {
      this.follow(Promise.reject(error));
      await handler.runCallbacks('fetchDidFail', {
        error: error as Error,
        event: handler.event,
        originalRequest: request.clone(),
        request: asked.clone(),
      });
      throw error;
    }
  }

  /** Returns the request as plugins have it sent. */
  private async asked(): Promise<Request> {
    const {handler, request, strategy} = this;
    let asked = request;
    for (const callback of handler.iterateCallbacks('requestWillFetch')) {
      asked = await callback({request: asked.clone(), event: handler.event});
    }
    const {referrer, referrerPolicy} = asked;
    // A page that leaves does not take the file from others that want it.
    const {signal} = new AbortController();
    return new Request(asked, Object.assign({referrer, referrerPolicy}, strategy.fetchOptions, {signal}));
  }

  /** Returns an answer as plugins have it. */
  private async succeeded(asked: Request, response: Response): Promise<Response> {
    const {handler} = this;
    let answer = response;
    try {
      for (const callback of handler.iterateCallbacks('fetchDidSucceed')) {
        answer = await callback({event: handler.event, request: asked.clone(), response: answer});
      }
      return answer;
    } catch (error) {
      // Otherwise the download would continue for a reader that never reads.
      discardBody(response);
      throw error;
    }
  }

  /** Keeps the worker alive until it is known what becomes of the file, and no longer than an event may take. */
  private follow(stored: Promise<Stored>): void {
    this.stored = stored;
    const logged = stored.catch((error) => {
      if (process.env.NODE_ENV !== 'production') {
        logger.warn(`'${shownUrl(this.key)}' is not stored yet: ${error}. The next request resumes it.`);
      }
    });
    void this.handler.waitUntil(Promise.race([logged, sleep(HOLD_FOR_MS)]));
  }

  /** Fetches what is wanted of a file, and stores the file if it is complete then. */
  private async store(wanted: Request, download: FileDownload, part: Part | undefined): Promise<Stored> {
    await (rangesOf(wanted, download) ? part && download.schedule.keep(part) : download.fetchAll(part));
    let outcome: Stored = download.store.facts?.isChecked ? 'stored' : undefined;
    while (download.isComplete && !outcome) {
      // A stage may be about to store it. When that fails, this request does.
      download.storing ??= putTogether(this, download, this.strategy.cacheName).catch((error) => {
        // The next request may fare better.
        download.storing = undefined;
        throw error;
      });
      outcome = await download.storing;
    }
    return outcome;
  }
}
