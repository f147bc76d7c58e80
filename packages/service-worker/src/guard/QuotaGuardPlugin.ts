import {logger} from 'workbox-core/_private/logger.js';
import {registerQuotaErrorCallback} from 'workbox-core/registerQuotaErrorCallback.js';
import type {
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  CacheWillUpdateCallback,
  FetchDidFailCallback,
  FetchDidSucceedCallback,
  HandlerDidErrorCallback,
  RequestWillFetchCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {CORS_HOSTS, isListed} from './corsHosts.ts';
import {corsTwin} from './corsTwin.ts';
import {estimate} from './estimate.ts';
import {type Refusal, report} from './events.ts';
import {hasRoomFor} from './hasRoomFor.ts';
import {maxOpaqueEntries} from './opaqueAllowance.ts';
import {admitOpaque} from './opaqueLedger.ts';
import {checkOptions, type QuotaGuardPluginOptions} from './options.ts';

/** Tells `VersionScopePlugin` that an opaque response was let in. Symbols, because they share no code. */
const OPAQUE_ALLOWED = Symbol.for('holdfast.opaque-allowed');
/** Set on an event by a strategy that keeps a file by itself: it needs no more room. */
const KEPT_ELSEWHERE = Symbol.for('holdfast.kept-elsewhere');

/** What is kept for one request. Workbox hands it to each callback. */
interface RequestState {
  /** The final key, and whether a plugin before this one has made it. */
  key?: string;
  isMade?: boolean;
  /** The request as the page made it, when a CORS one went out in its place. */
  original?: Request | undefined;
  /** The answer to that, when the CORS one has failed. */
  fallback?: Promise<Response | undefined>;
}

/** Workbox runs this when a put of its own found no room, and `VersionScopePlugin` when one of its own did. */
const reportQuotaExceeded = async (): Promise<void> => {
  const {usage = 0, quota = 0} = await estimate();
  report({type: 'QUOTA_EXCEEDED', payload: {usage, quota}});
};

/** The answer to the page's own request, if another one went out in its place and there is an answer. */
const asThePageAsked = async ({original}: RequestState): Promise<Response | undefined> =>
  original && fetch(original).catch(() => undefined);

const explainOpaque = (key: string): void => {
  logger.groupCollapsed(`'${key}' was not stored: its response is opaque.`);
  logger.log(
    'A response to a no-cors request hides its size, and so that nobody can learn it from the quota, the ' +
      'browser counts random padding with it: 0 to 14.8 MB an entry in Chromium, 7.4 MB on the average.',
  );
  logger.log(
    "If the host answers CORS, add crossorigin to the element, or the host to the guard's `corsHosts`. " +
      'If it does not, and the entry is worth that much, allow a few with the option `opaque`.',
  );
  logger.groupEnd();
};

/**
 * Decides what may be stored: complete answers (status 200) for which there is room. Opaque responses are
 * refused, or let in up to an allowance; where a host answers CORS they do not come about in the first place,
 * because the guard asks it with CORS.
 *
 * Give it to a strategy after the plugins that change the key and before `VersionScopePlugin`.
 */
export class QuotaGuardPlugin implements WorkboxPlugin {
  private readonly corsHosts: readonly string[];
  private readonly maxOpaqueEntries: number;
  /** Hosts that turned out not to answer CORS, in this life of the worker. */
  private readonly withoutCors = new Set<string>();

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: QuotaGuardPluginOptions = {}) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    const {corsHosts = [], opaque = {}} = options;
    this.corsHosts = [...CORS_HOSTS, ...corsHosts.map(String)];
    this.maxOpaqueEntries = maxOpaqueEntries(opaque, navigator.userAgent);
    // A set of callbacks: however many guards there are, it stands in there once.
    registerQuotaErrorCallback(reportQuotaExceeded);
  }

  /** Leaves the key as it is, and remembers it: the other callbacks get the page's URL, which may be signed. */
  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, event, state}) => {
    Object.assign(state as RequestState, {
      key: request.url,
      isMade: request.url !== (event as FetchEvent).request?.url,
    });
    return request;
  };

  /** An opaque response may answer only what was asked without CORS: else the network is asked. */
  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async ({cachedResponse, event}) => {
    const mode = (event as FetchEvent).request?.mode ?? 'no-cors';
    return cachedResponse?.type === 'opaque' && mode !== 'no-cors' ? null : cachedResponse;
  };

  /** Asks with CORS where the host answers it. */
  requestWillFetch: RequestWillFetchCallback = async ({request, state}) => {
    const url = new URL(request.url);
    const twin =
      isListed(this.corsHosts, url) && !this.withoutCors.has(url.host) ? corsTwin(request) : undefined;
    (state as RequestState).original = twin && request;
    return twin ?? request;
  };

  /** A host may answer CORS with an error and the page's own request with a file: asks again as the page did. */
  fetchDidSucceed: FetchDidSucceedCallback = async ({response, state}) =>
    response.ok ? response : ((await asThePageAsked(state as RequestState)) ?? response);

  /** A host that does not answer CORS fails the fetch: asks again as the page did, and so from now on. */
  fetchDidFail: FetchDidFailCallback = async ({originalRequest, state}) => {
    const kept = state as RequestState;
    kept.fallback = asThePageAsked(kept);
    if (await kept.fallback) {
      this.withoutCors.add(new URL(originalRequest.url).host);
    }
  };

  /** Gives the page the answer to its own request where nothing else has one. */
  handlerDidError: HandlerDidErrorCallback = async ({state}) => (state as RequestState).fallback;

  /** Lets a response into the cache, or says why not. */
  cacheWillUpdate: CacheWillUpdateCallback = async ({request, response, event, state}) => {
    const {key = request.url, isMade} = state as RequestState;
    const refusal = KEPT_ELSEWHERE in event ? undefined : await this.refusal(key, response);
    if (!refusal) {
      return response;
    }
    // Left alone, the copy would be buffered for as long as the page reads its own. The promise is not awaited:
    // it settles when the page is done. https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee
    response.body?.cancel().catch(() => undefined);
    // A key that no plugin has made is the page's URL, and its query may be a signature.
    const shown = isMade ? key : key.replace(/\?.*/, '');
    report({type: 'RESPONSE_REFUSED', payload: {key: shown, reason: refusal, status: response.status}});
    if (process.env.NODE_ENV !== 'production') {
      if (refusal === 'opaque') {
        explainOpaque(shown);
      } else {
        logger.debug(`'${shown}' was not stored: ${refusal} (status ${response.status}).`);
      }
    }
    return null;
  };

  private async refusal(key: string, response: Response): Promise<Refusal | undefined> {
    if (response.type === 'opaque') {
      // Books that cannot be read count as full.
      const isAdmitted =
        this.maxOpaqueEntries > 0 && (await admitOpaque(key, this.maxOpaqueEntries).catch(() => false));
      if (isAdmitted) {
        Object.assign(response, {[OPAQUE_ALLOWED]: true});
      }
      return isAdmitted ? undefined : 'opaque';
    }
    if (response.status !== 200) {
      return 'status';
    }
    return (await hasRoomFor(response)) ? undefined : 'no-room';
  }
}
