import {cacheNames} from 'workbox-core/_private/cacheNames.js';
import {logger} from 'workbox-core/_private/logger.js';
import type {
  CacheDidUpdateCallback,
  CacheDidUpdateCallbackParam,
  CachedResponseWillBeUsedCallback,
  CachedResponseWillBeUsedCallbackParam,
  CacheKeyWillBeUsedCallback,
  CacheWillUpdateCallback,
  CacheWillUpdateCallbackParam,
  FetchDidFailCallback,
  FetchDidSucceedCallback,
  HandlerDidCompleteCallback,
  HandlerDidErrorCallback,
  HandlerWillStartCallback,
  MapLikeObject,
  RequestWillFetchCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {answerRange} from '../keys/index.ts';
import {ByCacheName} from './ByCacheName.ts';
import {currentVersions} from './currentVersions.ts';
import {detached} from './detached.ts';
import {type Download, endsSoFar, findOrBegin} from './downloads.ts';
import {report, type StoreFailure} from './events.ts';
import {isCodeFromElsewhere} from './isCodeFromElsewhere.ts';
import {isStorable} from './isStorable.ts';
import {letGo} from './letGo.ts';
import {lookThrough} from './lookThrough.ts';
import {checkOptions, type VersionScopePluginOptions} from './options.ts';
import {type Arrival, arrival, type ClientPin, type Pin, pinned} from './pinned.ts';
import {releaseKeeper} from './releaseKeeper.ts';
import {releaseOf, type Scope} from './releaseOf.ts';
import {addScope, scopes} from './scopes.ts';
import {outdated, store} from './store.ts';
import {storeFailure} from './storeFailure.ts';
import {finishEvictions} from './switchVersion.ts';

/** Set on an event by a strategy whose requests read one download together. Symbols, because they share no code. */
const SHARES_DOWNLOADS = Symbol.for('holdfast.shares-downloads');
/** Tells such a strategy in which cache an asset belongs; `undefined` where it is not to be stored. */
const CACHE_NAME = Symbol.for('holdfast.cache-name');
/** Tells it what has become of a response: why it was not stored, or that it was. */
const STORED = Symbol.for('holdfast.stored');
/** Set by it on an event to the body of a file that it keeps by itself, and that only has to be found right. */
const KEPT_ELSEWHERE = Symbol.for('holdfast.kept-elsewhere');

/** What is kept of one key that is asked for. */
interface KeyState {
  pin: Promise<ClientPin | null | undefined>;
  /** What the release's cache has: asked for while Workbox asks the strategy's, so that a hit waits once. */
  found?: Promise<Response | undefined> | undefined;
  /** The downloads that had ended when that look was begun. */
  endsSeen: number;
}

/** What is kept of one request. Workbox hands it to each callback. */
interface RequestState {
  arrival?: Arrival;
  /** By key. There is one, unless the strategy fetches several URLs for one request. */
  keys?: Map<string, KeyState>;
  wasLookedUp?: boolean;
  /** Some strategies fetch before they look, or look twice. Then there is nothing to wait for. */
  isFetching?: boolean;
  /** What others wait for that want the same asset. */
  download?: Download;
  /** A plugin behind this one has changed the key. */
  isMisplaced?: boolean;
}

const find = (
  request: Request,
  cacheName: string,
  options?: CacheQueryOptions,
): Promise<Response | undefined> =>
  // Storage that cannot be read is a miss: the page gets its bytes from the network.
  caches.match(request, Object.assign({}, options, {cacheName, ignoreVary: true})).catch(() => undefined);

/** Whether a cache is the strategy's own: plugins that work by cache name refuse the one that all may share. */
const isOfStrategy = ({cacheName}: {cacheName: string}): boolean => cacheName !== cacheNames.getRuntimeName();

/** The request as the page made it. An event of another kind, such as `install`, has none. */
const pageRequest = (event: ExtendableEvent): Request | undefined => (event as FetchEvent).request;

/** Whether an answer of the network will be the whole asset, so that others may wait for it. */
const asksForAll = ({method, headers}: Request): boolean => method === 'GET' && !headers.has('range');

/** An opaque response may answer only what was asked without CORS. https://fetch.spec.whatwg.org/#http-fetch */
const mayAnswer = (event: ExtendableEvent, response: Response): boolean =>
  response.type !== 'opaque' || (pageRequest(event)?.mode ?? 'no-cors') === 'no-cors';

/** Says in a development build why a response of ours was not stored. */
const explain = (
  pin: Pin | null | undefined,
  isOneOfSeveral: boolean,
  isMisplaced: boolean | undefined,
): void => {
  if (isMisplaced) {
    logger.error(
      'VersionScopePlugin stores nothing, because a plugin behind it changes the key. Put it last.',
    );
  } else if (isOneOfSeveral) {
    logger.warn('A strategy that fetches several URLs for one request cannot store them in a release.');
  } else if (pin === null) {
    logger.warn(
      'A URL without a version was not stored: its line has no current version. ' +
        'Make one current with switchVersion() of @holdfast/window.',
    );
  }
};

/**
 * Gives every release a cache of its own, named `<prefix>-<line>-<version>`.
 *
 * Workbox lets no plugin change the name of a strategy's cache, so this one does the two things that need
 * the name by itself: it looks into the release's cache when Workbox has looked into the strategy's, and it
 * puts into the release's cache and then tells Workbox that there is nothing to put.
 *
 * Give it to a strategy as the last plugin: after those that change the key, so that it sees the final one,
 * and after those that refuse or check responses, so that it stores only what they let through.
 *
 * @example
 * registerRoute(
 *   ({url}) => url.hostname === 'huggingface.co',
 *   new CacheFirst({
 *     plugins: [
 *       new StableKeyPlugin(),
 *       new QuotaGuardPlugin(),
 *       new VersionScopePlugin({
 *         prefix: 'mailwoman-assets',
 *         pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//,
 *       }),
 *     ],
 *   }),
 * );
 */
export class VersionScopePlugin implements WorkboxPlugin {
  private readonly scope: Scope;
  private readonly byCacheName: ByCacheName;

  /**
   * Of what belongs to no release and went into the strategy's own cache. Only there if somebody wants to know: for
   * this callback Workbox makes copies of each response. A release's update is told when it is stored.
   */
  cacheDidUpdate?: CacheDidUpdateCallback;

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: VersionScopePluginOptions) {
    if (process.env.NODE_ENV !== 'production') {
      checkOptions(options);
    }
    const {prefix, pattern, plugins = []} = options;
    this.scope = {prefix, pattern};
    this.byCacheName = new ByCacheName(plugins);
    if (this.byCacheName.observesUpdates) {
      this.cacheDidUpdate = async (param) =>
        isOfStrategy(param) ? this.byCacheName.cacheDidUpdate(param) : undefined;
    }
    // What is no RegExp throws here, and the worker is not installed. Later it would fail every request.
    releaseOf(this.scope, '');
    addScope(this.scope);
  }

  /** Takes the snapshot that decides: some strategies ask for the key only when the network has answered. */
  handlerWillStart: HandlerWillStartCallback = async ({state}) => {
    try {
      (state as RequestState).arrival = arrival();
    } catch {
      // Whatever a browser lacks: an error would fail the request, here and only here.
    }
  };

  /** Leaves the key as it is, pins the release that it belongs to, and begins to look for it there. */
  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, mode, event, state}) => {
    const kept = state as RequestState;
    kept.keys ??= new Map();
    kept.arrival ??= arrival();
    const client = (event as FetchEvent).clientId ?? '';
    const known = kept.keys.get(request.url);
    const key = known ?? {pin: pinned(this.scope, request.url, client, kept.arrival), endsSeen: 0};
    kept.keys.set(request.url, key);
    const pin = await key.pin;
    if (pin && mode === 'read') {
      key.endsSeen = endsSoFar();
      key.found = find(request, pin.cacheName);
    }
    if (pin !== undefined && mode === 'read') {
      // Asked again when the host has answered: by then the release may have gone.
      const get = () => (pin && !outdated(pin) ? pin.cacheName : undefined);
      Object.defineProperty(event, CACHE_NAME, {get, configurable: true});
    }
    if (pin?.noted && !known) {
      // A page that has not been seen before: others may have gone, and what they used may go too.
      event.waitUntil(pin.noted.then(() => finishEvictions(scopes)).catch(() => undefined));
    }
    return request;
  };

  /** Takes the place of whatever the strategy's own cache had. */
  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async (param) => {
    const {request, cachedResponse, event, state} = param;
    const kept = state as RequestState;
    kept.wasLookedUp = true;
    const key = kept.keys?.get(request.url);
    kept.isMisplaced ||= !key;
    const pin = await key?.pin;
    if (pin === null) {
      return null;
    }
    if (!key || !pin) {
      return isOfStrategy(param) ? this.byCacheName.cachedResponseWillBeUsed(param) : cachedResponse;
    }
    const lookUp = () => this.lookUp(pin, key, param);
    const mayWait = kept.keys?.size === 1 && asksForAll(request) && !kept.isFetching && !kept.download;
    const {clientId = ''} = event as FetchEvent;
    const {found: response, download} = mayWait
      ? await findOrBegin(pin, clientId, SHARES_DOWNLOADS in event, key.endsSeen, lookUp)
      : {found: await lookUp()};
    kept.download ??= download;
    await pin.noted;
    return response && answerRange(request, response).catch(() => null);
  };

  requestWillFetch: RequestWillFetchCallback = async ({request, state}) => {
    (state as RequestState).isFetching = true;
    return request;
  };

  /** Who waits for the asset need not: another one would hardly fare better, unless this one has just given up. */
  fetchDidFail: FetchDidFailCallback = async ({error, state}) => {
    (state as RequestState).download?.end(error.name === 'AbortError');
  };

  /** Lets no signed URL reach the page, on a miss as little as on a hit. */
  fetchDidSucceed: FetchDidSucceedCallback = async ({request, response, event, state}) => {
    if (response.status !== 200) {
      (state as RequestState).download?.end(false);
    }
    return response.redirected && !isCodeFromElsewhere(pageRequest(event) ?? request, response)
      ? detached(response)
      : response;
  };

  /** Storage that cannot be read fails Workbox's own look-up, before this plugin is asked: goes to the network. */
  handlerDidError: HandlerDidErrorCallback = async ({request, state}) =>
    (state as RequestState).wasLookedUp ? undefined : fetch(request);

  /** Stores what belongs to a release, so that nothing of it is left for the strategy to store. */
  cacheWillUpdate: CacheWillUpdateCallback = async ({request, response, event, state}) => {
    const {keys = new Map<string, KeyState>(), download, isMisplaced} = state as RequestState;
    const pins = await Promise.all([...keys.values()].map((key) => key.pin));
    const storable = isStorable(request, response);
    if (storable && pins.every((pin) => pin === undefined)) {
      // The strategy's own cache is no place for a signed URL either.
      return isCodeFromElsewhere(request, response) ? response : detached(response);
    }

    const [pin, ...more] = pins;
    if (storable && pin && more.length === 0 && !isMisplaced) {
      const failure = await this.storeAsset(pin, {request, response, event, state: state as MapLikeObject});
      download?.end(failure === 'body-incomplete');
      Object.assign(event, {[STORED]: failure ?? true});
    } else {
      letGo(response);
      if (process.env.NODE_ENV !== 'production') {
        explain(pin, more.length > 0, isMisplaced);
      }
    }
    return null;
  };

  /** Whoever waits for the asset finds it now, or will not. */
  handlerDidComplete: HandlerDidCompleteCallback = async ({state}) => {
    (state as RequestState).download?.end(false);
  };

  /** What the release has of the asset, in its cache or elsewhere, as far as it may answer the request. */
  private async lookUp(
    pin: Pin,
    key: KeyState,
    param: CachedResponseWillBeUsedCallbackParam,
  ): Promise<Response | undefined> {
    const {request, matchOptions, event} = param;
    const {cacheName} = pin;
    // Used once: whoever looks a second time does so because another request has stored the asset.
    const found = await (key.found ?? find(request, cacheName));
    key.found = undefined;
    const stored =
      found ??
      (matchOptions && (await find(request, cacheName, matchOptions))) ??
      (await releaseKeeper()
        .find(pin)
        .catch(() => undefined));
    if (process.env.NODE_ENV !== 'production') {
      logger.debug(`'${pin.key}' is ${stored ? '' : 'not '}in the release '${cacheName}'.`);
    }
    const cachedResponse = stored && mayAnswer(event, stored) ? stored : undefined;
    return this.byCacheName.cachedResponseWillBeUsed(Object.assign({}, param, {cacheName, cachedResponse}));
  }

  /** Never rejects: nothing that goes wrong in storing is the page's concern. @returns what did. */
  private async storeAsset(
    pin: ClientPin,
    param: CacheWillUpdateCallbackParam,
  ): Promise<StoreFailure | undefined> {
    const {key, cacheName} = pin;
    const {request, response, event, state} = param;
    const refuse = (reason: StoreFailure): StoreFailure => {
      letGo(response);
      report({type: 'ASSET_NOT_STORED', payload: {key, cacheName, reason}});
      return reason;
    };
    if (isCodeFromElsewhere(request, response)) {
      return refuse('redirected-code');
    }
    try {
      const checked = await releaseKeeper().checked(pin, response);
      if (typeof checked === 'string') {
        return refuse(checked);
      }
      if (!checked && pin.isMoving && (await currentVersions()).get(pin.line) !== pin.version) {
        return refuse('not-current');
      }
      if (KEPT_ELSEWHERE in event) {
        const body = event[KEPT_ELSEWHERE];
        const reason = outdated(pin) ?? (await lookThrough(checked ?? response, body)) ?? outdated(pin);
        return reason && refuse(reason);
      }
      const asset = new Request(key);
      const oldResponse = this.byCacheName.observesUpdates ? await find(asset, cacheName) : undefined;
      const outcome = await store(pin, checked ?? response);
      if (typeof outcome === 'string') {
        return outcome;
      }
      const update = {cacheName, event, newResponse: outcome, oldResponse, request: asset, state};
      await this.byCacheName.cacheDidUpdate(update as CacheDidUpdateCallbackParam);
      return undefined;
    } catch (error) {
      return refuse(storeFailure(error));
    }
  }
}
