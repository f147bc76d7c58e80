import type {StrategyHandler} from 'workbox-strategies/StrategyHandler.js';
import {forbidden} from '../guard/isStorable.ts';
import {mismatchOf} from '../guard/mismatchOf.ts';
import {reportRefusal} from '../guard/reportRefusal.ts';
import {answerFromStored} from '../http/answerFromStored.ts';
import {answerRanges, type Readable, rangesOf} from '../http/answerRanges.ts';
import {credentialOf} from '../http/credentials.ts';
import {deriveRequest} from '../http/deriveRequest.ts';
import {discardBody} from '../http/discardBody.ts';
import {matchesNothing} from '../http/matchesNothing.ts';
import {multipart} from '../http/multipart.ts';
import {shownText, shownUrl} from '../http/shownUrl.ts';
import {withoutSecret} from '../http/withoutSecret.ts';
import {sleep} from '../timing/sleep.ts';
import type {RequestContext} from '../worker/RequestContext.ts';
import {reasonOfAnswer} from '../worker/reasonOfAnswer.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {warnNotStored} from '../worker/warnNotStored.ts';
import {logger} from '../worker/workboxInternals.ts';
import type {Joined} from './begin.ts';
import {cachePut, type Handled} from './cachePut.ts';
import type {FileDownload, Stored} from './FileDownload.ts';
import {FileDownloads, type Obtained} from './FileDownloads.ts';
import {putTogether} from './putTogether.ts';
import type {ResumableCacheFirst} from './ResumableCacheFirst.ts';

/**
 * How long an event holds the worker for a download. Chromium ends an event that takes longer than five minutes, with
 * its connections. From then on the messages of `download()` of `@holdfast/window` keep the worker alive.
 */
const HOLD_FOR_MS = 240_000;

/** Headers with which a page says what it has. The answer may be 304 or 412 instead of the file. */
const CONDITIONS = ['if-match', 'if-modified-since', 'if-none-match', 'if-unmodified-since'];

const isConditional = ({headers}: Request): boolean => CONDITIONS.some((name) => headers.has(name));

/** Says in a development build why a file is not stored, if so: what its answer tells of it, where a plugin says no more. */
const warnOutcome = ({worker, key, stored}: FileRequest, answer?: Response): void => {
  stored?.then(
    (outcome) => {
      if (outcome && outcome !== 'stored') {
        const reason = (outcome === 'refused' && answer && reasonOfAnswer(answer)) || outcome;
        warnNotStored(worker, key, {reason, status: answer?.status});
      }
    },
    () => undefined,
  );
};

/** One request that {@link ResumableCacheFirst} handles, with the callbacks of its plugins. */
export class FileRequest implements Handled {
  readonly handler: StrategyHandler;
  readonly request: Request;
  readonly context: RequestContext;
  readonly worker: WorkerState;
  /** The URL under which the file is stored, from the look-up on; without a secret where it was not found. */
  key = '';
  /** Only of a large file that is not an entry yet. */
  download: FileDownload | undefined;
  /** What becomes of the file behind the answer. Rejects with what the host, storage or a plugin failed with. */
  stored: Promise<Stored> | undefined;
  private readonly strategy: ResumableCacheFirst;

  constructor(strategy: ResumableCacheFirst, handler: StrategyHandler, request: Request) {
    this.handler = handler;
    this.request = request;
    this.worker = strategy.worker;
    this.context = this.worker.contextOf(handler.event);
    this.context.credential ||= credentialOf(request);
    this.context.sharesDownloads = true;
    this.context.isHtml ||= strategy.isHtml;
    this.strategy = strategy;
  }

  /**
   * Answers the request: from what is stored, from a download that others may share, or as other strategies do.
   *
   * @throws what `fetch`, storage or a plugin fails with.
   */
  async answer(): Promise<Response> {
    const {request} = this;
    // Also where all files are entries: a killed worker may have left their pieces.
    this.worker.part(FileDownloads).cleanSoon();
    const stored = await this.lookUp();
    const {url} = await this.handler.getCacheKey(request, 'read');
    if (stored) {
      this.key = url;
      const answered = await this.answerFrom(stored);
      if (answered) {
        return answered;
      }
    }
    this.key = await withoutSecret(url);
    const asked = await this.asked();
    const obtained = await this.obtain(asked);
    if ('stored' in obtained) {
      return (await this.answerFrom(obtained.stored)) ?? fetch(asked);
    }
    if ('response' in obtained) {
      const answer = await this.succeeded(asked, obtained.response);
      this.follow(this.put(answer));
      if (process.env.NODE_ENV !== 'production') {
        warnOutcome(this, answer);
      }
      return answer;
    }

    const {download, part, upstream} = obtained;
    const {size, headers} = download;
    // A host that answers with more than the range answers no ranges.
    const [range = part] = rangesOf(asked, download) ?? [];
    const isMore = part && range && part.end - part.start > range.end - range.start;
    const wanted = isMore ? deriveRequest(asked, {headers: {range: null}}) : asked;
    const read: Readable['read'] = (what) => download.read(what, request.signal, upstream);
    const answer = answerRanges(wanted, {size, headers, read}, multipart);
    this.download = download;
    this.follow(this.store(wanted, obtained));
    if (process.env.NODE_ENV !== 'production') {
      warnOutcome(this);
    }
    return this.succeeded(asked, answer);
  }

  /** Storage that cannot be read is a miss: the page gets its bytes from the network. */
  private readonly lookUp = (): Promise<Response | undefined> =>
    this.handler.cacheMatch(this.request).catch(() => undefined);

  /** Resolves to `undefined` where storage cannot read what it has. */
  private async answerFrom(stored: Response): Promise<Response | undefined> {
    const answer = await answerFromStored(this.request, stored, multipart).catch(() => undefined);
    if (answer) {
      this.stored = Promise.resolve('stored');
    }
    return answer;
  }

  /** Joins the download of the file, or begins one. */
  private async obtain(asked: Request): Promise<Obtained> {
    const {context, handler, key, request, strategy} = this;
    const homeNow = (): string | undefined => (context.home ? context.home() : strategy.cacheName);
    const home = homeNow();
    const mayBeStored = (response: Response): boolean =>
      homeNow() === home &&
      !mismatchOf(request, response, context.isHtml) &&
      !forbidden(request, response, context);
    try {
      // What must not be stored, is checked by the browser as a whole, or may be answered with the news that the page has
      // it already, is fetched as by other strategies.
      return home === undefined || asked.integrity || isConditional(asked)
        ? {response: await fetch(asked)}
        : await strategy.worker.part(FileDownloads).obtain(
            {
              key,
              request: asked,
              home,
              release: context.release,
              makeHome: context.makeHome,
              mayBeStored,
              left: request.signal,
            },
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
    // A page that leaves does not take the file from others that want it.
    const {signal} = new AbortController();
    return deriveRequest(asked, {fetchOptions: strategy.fetchOptions, signal});
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
        const why = shownText(String(error));
        logger.warn(`'${shownUrl(this.key)}' is not stored yet: ${why}. The next request resumes it.`);
      }
    });
    void this.handler.waitUntil(Promise.race([logged, sleep(HOLD_FOR_MS)]));
  }

  /** Stores an answer while the page reads it, as other strategies do, if it may be stored. */
  private async put(answer: Response): Promise<Stored> {
    if (matchesNothing(answer)) {
      return 'no-store';
    }
    const copy = answer.clone();
    const {context, handler, key, request, worker} = this;
    // Whatever else plugins would say: nothing waits for the end of a stream, and a host and an account are obeyed.
    const refusal =
      forbidden(request, answer, context) ??
      (mismatchOf(request, answer, context.isHtml) === 'endless' ? 'endless' : undefined);
    if (refusal) {
      reportRefusal(worker, handler.event, key, copy, refusal);
      return refusal;
    }
    try {
      return await cachePut(this, copy, this.strategy.cacheName);
    } finally {
      // A plugin may have refused it unread.
      discardBody(copy);
    }
  }

  /** Fetches what is wanted of a file, and stores the file if it is complete then. */
  private async store(wanted: Request, {download, part, upstream}: Joined): Promise<Stored> {
    await (rangesOf(wanted, download)
      ? part && download.schedule.keep(part)
      : download.fetchAll(part, upstream));
    if (download.store.facts?.isChecked) {
      // A piece that turns out to be damaged while it is read is fetched again, and then nothing has checked the file.
      await download.readers.whenQuiet();
    }
    let outcome: Stored = download.store.facts?.isChecked ? 'stored' : undefined;
    while (download.isComplete && !outcome) {
      // A stage may be about to store it. When that fails, this request does.
      download.storing ??= putTogether(this, download, this.strategy.cacheName, upstream).catch((error) => {
        // The next request may fare better.
        download.storing = undefined;
        throw error;
      });
      outcome = await download.storing;
    }
    return outcome;
  }
}
