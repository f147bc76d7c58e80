import type {
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  CacheWillUpdateCallback,
  FetchDidFailCallback,
  FetchDidSucceedCallback,
  HandlerDidCompleteCallback,
  HandlerDidErrorCallback,
  HandlerWillStartCallback,
  RequestWillFetchCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {credentialOf} from '../http/credentials.ts';
import type {Refusal} from '../messages/protocol.ts';
import {accountKey, publicEntry} from '../worker/accountKey.ts';
import {pageRequest, type RequestContext} from '../worker/RequestContext.ts';
import {writeRequestLog} from '../worker/requestLog.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {CorsExperience} from './CorsExperience.ts';
import {CORS_HOSTS, isListed} from './corsHosts.ts';
import {corsTwin} from './corsTwin.ts';
import {hasRoomFor} from './hasRoomFor.ts';
import {refusalToStore} from './isStorable.ts';
import {checkOptions, type QuotaGuardPluginOptions} from './options.ts';
import {QuotaReporter} from './QuotaReporter.ts';
import {reportRefusal} from './reportRefusal.ts';

/** What the plugin keeps for one request. Workbox passes it to each callback. */
interface RequestState {
  /** The final key. */
  key?: string;
  /** The request as the page made it, when one with CORS was sent in its place. */
  original?: Request | undefined;
  /** The answer to it, when the one with CORS has failed. */
  fallback?: Promise<Response | undefined>;
}

/** Fetches the page's own request, if another one was sent in its place. */
const asThePageAsked = async ({original}: RequestState): Promise<Response | undefined> =>
  original && fetch(original).catch(() => undefined);

/** A `QuotaGuardPlugin` that stores no opaque responses, and carries no code for it. */
export class StrictQuotaGuardPlugin implements WorkboxPlugin {
  readonly holdfast = 'quotaGuard';
  protected readonly worker: WorkerState;
  private readonly corsHosts: readonly string[];
  private readonly experience = new CorsExperience();
  private readonly isHtml: boolean | undefined;
  private readonly ignoresNoStore: boolean | undefined;
  /** Writes to the console. Only in a development build: Workbox waits for it. */
  handlerDidComplete?: HandlerDidCompleteCallback;

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: QuotaGuardPluginOptions = {}, worker: WorkerState = thisWorker) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
      this.handlerDidComplete = async ({event, error}) => writeRequestLog(worker, event, error);
    }
    this.worker = worker;
    this.corsHosts = CORS_HOSTS.concat((options.corsHosts ?? []).map(String));
    this.isHtml = options.html;
    this.ignoresNoStore = options.ignoreNoStore;
  }

  /** Notes who asks. */
  handlerWillStart: HandlerWillStartCallback = async ({event, request}) => {
    this.worker.contextOf(event).credential ||= credentialOf(request);
  };

  /** Notes the key, in its account's partition: the other callbacks get the page's URL, which may be signed. */
  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, mode, event, state}) => {
    const kept = state as RequestState;
    const key = await accountKey(this.worker, event, request, mode);
    kept.key = key.url;
    const context = this.worker.contextOf(event);
    context.isHtml ||= this.isHtml;
    context.ignoresNoStore ||= this.ignoresNoStore;
    return key;
  };

  /** Uses an opaque response only for a request without CORS: any other one goes to the network. */
  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async (param) => {
    const {cacheName, event, request} = param;
    const cachedResponse = await publicEntry(param);
    if (process.env.NODE_ENV !== 'production') {
      const isHit = cachedResponse !== undefined;
      this.worker.contextOf(event).log = {key: request.url, cacheName, isHit};
    }
    const mode = pageRequest(event)?.mode ?? 'no-cors';
    return cachedResponse?.type === 'opaque' && mode !== 'no-cors' ? null : cachedResponse;
  };

  /** Sends a request with CORS where the host answers it. */
  requestWillFetch: RequestWillFetchCallback = async ({request, state}) => {
    const url = new URL(request.url);
    const way = this.experience.wayTo(url.host);
    const twin =
      isListed(this.corsHosts, url) && way !== 'without' ? corsTwin(request, way === 'reload') : undefined;
    (state as RequestState).original = twin && request;
    return twin ?? request;
  };

  /** Fetches as the page asked where the host answers CORS with an error: it may answer the page's request. */
  fetchDidSucceed: FetchDidSucceedCallback = async ({response, state}) => {
    const {original} = state as RequestState;
    if (original) {
      this.experience.worked(new URL(original.url).host);
    }
    return response.ok ? response : ((await asThePageAsked(state as RequestState)) ?? response);
  };

  /**
   * Asks once more, past the browser's HTTP cache: an answer that an `<img>` got without CORS may be in it. Where that
   * fails, too, fetches as the page asked.
   */
  fetchDidFail: FetchDidFailCallback = async ({error, originalRequest, request, state}) => {
    const kept = state as RequestState;
    const {original} = kept;
    if (original && error.name !== 'AbortError') {
      const {host} = new URL(originalRequest.url);
      kept.fallback = this.withCors(host, original, request);
      if (!(await kept.fallback)) {
        kept.fallback = asThePageAsked(kept);
        if (await kept.fallback) {
          this.experience.failed(host);
        }
      }
    }
  };

  /** Answers with the response to the page's own request where there is no other. */
  handlerDidError: HandlerDidErrorCallback = async ({state}) => (state as RequestState).fallback;

  /** Returns the answer to a request with CORS past the HTTP cache, unless that is what has failed. */
  private async withCors(host: string, original: Request, failed: Request): Promise<Response | undefined> {
    const twin = failed.cache === 'reload' ? undefined : corsTwin(original, true);
    const answer = twin && (await fetch(twin).catch(() => undefined));
    if (answer) {
      this.experience.repaired(host);
    }
    return answer?.ok ? answer : undefined;
  }

  /** Lets a response into the cache, or reports why not. */
  cacheWillUpdate: CacheWillUpdateCallback = async ({request, response, event, state}) => {
    const {worker} = this;
    worker.part(QuotaReporter);
    const context = worker.contextOf(event);
    const {key = request.url} = state as RequestState;
    const refusal = context.keptInPieces ? undefined : await this.refusal(key, request, response, context);
    if (!refusal) {
      if (process.env.NODE_ENV !== 'production' && context.log) {
        context.log.outcome = 'stored';
      }
      return response;
    }
    reportRefusal(worker, event, key, response, refusal);
    return null;
  };

  /** Returns why a response is not let in; `undefined` where it is. */
  protected async refusal(
    _key: string,
    request: Request,
    response: Response,
    context: RequestContext,
  ): Promise<Refusal | undefined> {
    const refusal = await refusalToStore(request, response, context);
    return refusal ?? ((await hasRoomFor(response)) ? undefined : 'no-room');
  }
}
