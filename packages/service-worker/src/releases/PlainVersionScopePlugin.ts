import type {
  CachedResponseWillBeUsedCallback,
  CachedResponseWillBeUsedCallbackParam,
  CacheKeyWillBeUsedCallback,
  CacheWillUpdateCallback,
  FetchDidFailCallback,
  FetchDidSucceedCallback,
  HandlerDidCompleteCallback,
  HandlerDidErrorCallback,
  HandlerWillStartCallback,
  MapLikeObject,
  RequestWillFetchCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {refusalToStore} from '../guard/isStorable.ts';
import {isStoreFailure, reportRefusal} from '../guard/reportRefusal.ts';
import {answerFromStored} from '../http/answerFromStored.ts';
import {credentialOf} from '../http/credentials.ts';
import {deriveRequest} from '../http/deriveRequest.ts';
import {discardBody} from '../http/discardBody.ts';
import {hideUrl} from '../http/hideUrl.ts';
import {holdsSecret} from '../http/holdsSecret.ts';
import {isRedirectedCode} from '../http/isRedirectedCode.ts';
import {publicKey} from '../http/partition.ts';
import {rebuildResponse} from '../http/rebuildResponse.ts';
import {shownUrl} from '../http/shownUrl.ts';
import type {StoreFailure} from '../messages/protocol.ts';
import {accountKey} from '../worker/accountKey.ts';
import {clientOf, pageRequest} from '../worker/RequestContext.ts';
import {writeRequestLog} from '../worker/requestLog.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import {Warnings} from '../worker/Warnings.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {finishEvictions} from './evict.ts';
import {explainRefusal} from './explainRefusal.ts';
import {findAsset, findInCache} from './findAsset.ts';
import type {Flight, FoundOrBegun} from './InFlight.ts';
import {openCache} from './openCache.ts';
import {checkOptions, type VersionScopePluginOptions} from './options.ts';
import {type Arrival, arrival, type ClientPin, outdated, pinRequest} from './pinRequest.ts';
import {Releases} from './Releases.ts';
import {releaseOf, type Scope} from './releaseOf.ts';
import {isUnseen} from './store.ts';
import {type Storable, storeAsset} from './storeAsset.ts';

/** What is kept of one key that is asked for. */
interface KeyState {
  pin: Promise<ClientPin | null | undefined>;
  /** What the release's cache has: asked for while Workbox asks the strategy's, so that a hit waits once. */
  found?: Promise<Response | undefined> | undefined;
  /** The flights that had ended when that look began. */
  endsSeen: number;
}

/** What is kept of one request. Workbox hands it to each callback. */
interface RequestState {
  arrival?: Arrival;
  /** By the key that all accounts have in common. There is one, unless the strategy fetches several URLs for one request. */
  keys?: Map<string, KeyState>;
  wasLookedUp?: boolean;
  /** Some strategies fetch before they look, or look twice. Then there is nothing to wait for. */
  isFetching?: boolean;
  /** What other requests for the same asset wait for. */
  flight?: Flight | undefined;
  /** A plugin behind this one has changed the key. */
  isMisplaced?: boolean;
}

/** Tells whether an answer of the network will be the complete asset, so that others may wait for it. */
const asksForAll = ({method, headers}: Request): boolean => method === 'GET' && !headers.has('range');

/** An opaque response may answer only what was asked without CORS. https://fetch.spec.whatwg.org/#http-fetch */
const mayAnswer = (event: ExtendableEvent, response: Response): boolean =>
  response.type !== 'opaque' || (pageRequest(event) || {mode: 'no-cors'}).mode === 'no-cors';

/** What is kept of all keys. */
const keysOf = ({keys}: RequestState): KeyState[] => (keys ? [...keys.values()] : []);

const endFlight = (state: MapLikeObject | undefined, isWorthAnother: boolean): void => {
  const {flight} = state as RequestState;
  if (flight) {
    flight.end(isWorthAnother);
  }
};

/** Lets those that wait for the asset know that it makes progress. */
const signOf = (state: MapLikeObject | undefined): void => {
  const {flight} = state as RequestState;
  if (flight) {
    flight.signs += 1;
  }
};

/** `VersionScopePlugin` without its option `plugins`: what a worker carries that does not use it. */
export class PlainVersionScopePlugin implements WorkboxPlugin {
  readonly holdfast = 'versionScope';
  readonly scope: Scope;
  protected readonly worker: WorkerState;

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: VersionScopePluginOptions, worker: WorkerState = thisWorker) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    const {prefix, pattern, html} = options;
    this.scope = {prefix, pattern, isHtml: html};
    this.worker = worker;
    // What is no RegExp throws here, and the worker is not installed. Later it would fail every request.
    releaseOf(this.scope, '');
  }

  /** Takes the snapshot that decides: some strategies ask for the key only when the network has answered. */
  handlerWillStart: HandlerWillStartCallback = async ({event, request, state}) => {
    this.worker.contextOf(event).credential ||= credentialOf(request);
    try {
      (state as RequestState).arrival = arrival(this.worker.part(Releases), clientOf(event));
    } catch {
      // Whatever a browser lacks: an error would fail the request, here and only here.
    }
  };

  /** Puts the key into its account's partition, pins the release that it belongs to, and begins to look for it there. */
  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request: given, mode, event, state}) => {
    const releases = this.worker.part(Releases);
    const kept = state as RequestState;
    const request = await accountKey(this.worker, event, given, mode);
    const context = this.worker.contextOf(event);
    context.isHtml ||= this.scope.isHtml;
    kept.keys ||= new Map();
    kept.arrival ||= arrival(releases, clientOf(event));
    const {keys} = kept;
    const common = publicKey(request.url);
    const known = keys.get(common);
    const key: KeyState = known || {
      pin: pinRequest(releases, this.scope, request.url, kept.arrival),
      endsSeen: 0,
    };
    keys.set(common, key);
    const pin = await key.pin;
    if (pin) {
      // By now the host may have said that the answer is for everybody.
      pin.key = request.url;
    }
    if (process.env.NODE_ENV !== 'production' && pin === undefined) {
      const {prefix, pattern} = this.scope;
      this.worker
        .part(Warnings)
        .once(
          `'${shownUrl(request.url)}' belongs to no release of '${prefix}': the pattern ${pattern} does not match it. ` +
            "It is stored in the strategy's own cache.",
        );
    }
    if (pin !== undefined && mode === 'read') {
      if (pin) {
        key.endsSeen = releases.inFlight.ends;
        key.found = findInCache(request, pin.cacheName);
      }
      // Asked again when the host has answered: by then the release may be evicted.
      context.release = pin ?? undefined;
      context.home = () => (pin && !outdated(releases, pin) ? pin.cacheName : undefined);
      context.makeHome = async () => pin && openCache(releases, pin);
    }
    if (pin?.noted && !known) {
      // A page that has not been seen before: others may be gone, and what they used may be deleted.
      event.waitUntil(pin.noted.then(() => finishEvictions(releases)).catch(() => undefined));
    }
    return request;
  };

  /** Takes the place of what the strategy's own cache had. */
  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async (param) => {
    const {request, matchOptions, event, state} = param;
    const releases = this.worker.part(Releases);
    const kept = state as RequestState;
    kept.wasLookedUp = true;
    const key = kept.keys?.get(publicKey(request.url));
    kept.isMisplaced ||= !key;
    const pin = key && (await key.pin);
    if (pin === null) {
      return null;
    }
    if (!key || !pin) {
      return this.lookedUp(param);
    }
    const {cacheName} = pin;
    const find = async (): Promise<Response | undefined> => {
      // Used once: a second look is made because another request has stored the asset.
      const found = key.found || findInCache(request, cacheName);
      key.found = undefined;
      const stored = await findAsset(releases, pin, request, found, matchOptions);
      if (process.env.NODE_ENV !== 'production') {
        this.worker.contextOf(event).log = {key: pin.key, cacheName, isHit: Boolean(stored)};
      }
      const cachedResponse = stored && mayAnswer(event, stored) ? stored : undefined;
      return this.lookedUp(Object.assign({}, param, {cacheName, cachedResponse}));
    };
    const mayWait = keysOf(kept).length === 1 && asksForAll(request) && !kept.isFetching && !kept.flight;
    const reads = Boolean(this.worker.contextOf(event).sharesDownloads);
    const {found, flight}: FoundOrBegun<Response> = mayWait
      ? await releases.inFlight.findOrBegin(pin, reads, key.endsSeen, find)
      : {found: await find()};
    kept.flight ||= flight;
    await pin.noted;
    if (found?.redirected && (pageRequest(event) || request).redirect !== 'follow') {
      // A navigation, for one, refuses an answer that followed a redirect.
      return rebuildResponse(found);
    }
    return found && answerFromStored(request, found).catch(() => null);
  };

  /** A request that waited for one that stalled goes past the browser's HTTP cache, where it would wait for that again. */
  requestWillFetch: RequestWillFetchCallback = async ({request, state}) => {
    const kept = state as RequestState;
    kept.isFetching = true;
    return kept.flight?.followsStalled && request.cache === 'default' && request.mode !== 'navigate'
      ? deriveRequest(request, {cache: 'reload'})
      : request;
  };

  /** Ends the wait of others: another fetch would hardly fare better, unless this one was aborted. */
  fetchDidFail: FetchDidFailCallback = async ({error, state}) =>
    endFlight(state, error.name === 'AbortError');

  /** Lets no signed URL reach the page, on a miss as little as on a hit. */
  fetchDidSucceed: FetchDidSucceedCallback = async ({request, response, event, state}) => {
    signOf(state);
    if (response.status !== 200) {
      endFlight(state, false);
    }
    return response.redirected && !isRedirectedCode(pageRequest(event) || request, response)
      ? hideUrl(response, request.url)
      : response;
  };

  /** Storage that cannot be read fails Workbox's own look-up, before this plugin is asked: goes to the network. */
  handlerDidError: HandlerDidErrorCallback = async ({request, state}) =>
    (state as RequestState).wasLookedUp ? undefined : fetch(request);

  /** Stores what belongs to a release, so that nothing of it is left for the strategy to store. */
  cacheWillUpdate: CacheWillUpdateCallback = async ({request, response, event, state}) => {
    const kept = state as RequestState;
    const context = this.worker.contextOf(event);
    const [pin, ...more] = await Promise.all(keysOf(kept).map((key) => key.pin));
    const [key = request.url] = kept.keys?.keys() ?? [];
    const refusal = await refusalToStore(request, response, context);
    if (!refusal && pin === undefined && more.every((one) => one === undefined)) {
      // The strategy's own cache is no place for a signed URL either, which code cannot do without.
      if (isRedirectedCode(pageRequest(event) || request, response)) {
        if (!holdsSecret(response.url)) {
          return response;
        }
        discardBody(response);
        context.outcome = 'redirected-code';
        return null;
      }
      return hideUrl(response, key);
    }
    if (!refusal && pin && more.length === 0 && !kept.isMisplaced) {
      const {flight} = kept;
      if (flight) {
        flight.isUnseen = isUnseen(response);
      }
      const outcome = await this.store(
        pin,
        {
          request,
          response,
          event,
          context,
          onBytes: flight && !flight.isUnseen ? () => signOf(state) : undefined,
        },
        state,
      );
      endFlight(state, outcome === 'body-incomplete');
      context.outcome = typeof outcome === 'string' ? outcome : 'stored';
    } else {
      if (refusal && isStoreFailure(refusal)) {
        reportRefusal(this.worker, event, key, response, refusal);
      }
      discardBody(response);
      if (process.env.NODE_ENV !== 'production' && !refusal) {
        explainRefusal(pin, more.length > 0, kept.isMisplaced);
      }
    }
    return null;
  };

  /** Other requests that wait for the asset find it now, or will not. */
  handlerDidComplete: HandlerDidCompleteCallback = async ({event, error, state}) => {
    endFlight(state, false);
    if (process.env.NODE_ENV !== 'production') {
      writeRequestLog(this.worker, event, error);
    }
  };

  /** Returns what is used of a response that was found. */
  protected async lookedUp({
    cachedResponse,
  }: CachedResponseWillBeUsedCallbackParam): Promise<Response | undefined> {
    return cachedResponse;
  }

  /** Stores an asset in its release. */
  protected store(
    pin: ClientPin,
    asset: Storable,
    _state: MapLikeObject | undefined,
  ): Promise<Response | StoreFailure | undefined> {
    return storeAsset(this.worker.part(Releases), pin, asset);
  }
}
