import {answerRange} from '@holdfast/stable-key';
import {cacheNames} from 'workbox-core/_private/cacheNames.js';
import {logger} from 'workbox-core/_private/logger.js';
import type {
  CacheDidUpdateCallback,
  CacheDidUpdateCallbackParam,
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  CacheWillUpdateCallback,
  CacheWillUpdateCallbackParam,
  FetchDidSucceedCallback,
  HandlerDidErrorCallback,
  HandlerWillStartCallback,
  MapLikeObject,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {ByCacheName} from './ByCacheName.ts';
import {type CurrentVersions, currentVersions} from './currentVersions.ts';
import {detached} from './detached.ts';
import {report} from './events.ts';
import {isCodeFromElsewhere} from './isCodeFromElsewhere.ts';
import {isStorable} from './isStorable.ts';
import {letGo} from './letGo.ts';
import {checkOptions, type VersionScopePluginOptions} from './options.ts';
import {type Pin, pinned} from './pinned.ts';
import {releaseOf, type Scope} from './releaseOf.ts';
import {addScope} from './scopes.ts';
import {store} from './store.ts';
import {storeFailure} from './storeFailure.ts';

/** What is kept of one key that is asked for. */
interface KeyState {
  pin: Promise<Pin | null | undefined>;
  /** What the release's cache has: asked for while Workbox asks the strategy's, so that a hit waits once. */
  found?: Promise<Response | undefined> | undefined;
}

/** What is kept of one request, from `handlerWillStart` on. Workbox hands it to each callback. */
interface RequestState {
  versions?: Promise<CurrentVersions>;
  /** By key. There is one, unless the strategy fetches several URLs for one request. */
  keys?: Map<string, KeyState>;
  wasLookedUp?: boolean;
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

  /** Takes the snapshot that decides, for the whole of the request, which release is current. */
  handlerWillStart: HandlerWillStartCallback = async ({state}) => {
    (state as RequestState).versions = currentVersions();
  };

  /** Leaves the key as it is, pins the release that it belongs to, and begins to look for it there. */
  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, mode, state}) => {
    const kept = state as RequestState;
    kept.keys ??= new Map();
    const key = kept.keys.get(request.url) ?? {
      pin: pinned(this.scope, request.url, kept.versions ?? currentVersions()),
    };
    kept.keys.set(request.url, key);
    const pin = await key.pin;
    if (pin && mode === 'read') {
      key.found = find(request, pin.cacheName);
    }
    return request;
  };

  /** Takes the place of whatever the strategy's own cache had. */
  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async (param) => {
    const {request, matchOptions, cachedResponse, event, state} = param;
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
    const {cacheName} = pin;
    // Used once: a strategy may look a second time, when another request has stored the asset.
    const found = await (key.found ?? find(request, cacheName));
    key.found = undefined;
    const stored = found ?? (matchOptions && (await find(request, cacheName, matchOptions)));
    if (process.env.NODE_ENV !== 'production') {
      logger.debug(`'${pin.key}' is ${stored ? '' : 'not '}in the cache of its release, '${cacheName}'.`);
    }
    const response = await this.byCacheName.cachedResponseWillBeUsed(
      Object.assign({}, param, {
        cacheName,
        cachedResponse: stored && mayAnswer(event, stored) ? stored : undefined,
      }),
    );
    return response && answerRange(request, response).catch(() => null);
  };

  /** Lets no signed URL reach the page, on a miss as little as on a hit. */
  fetchDidSucceed: FetchDidSucceedCallback = async ({request, response, event}) =>
    response.redirected && !isCodeFromElsewhere(pageRequest(event) ?? request, response)
      ? detached(response)
      : response;

  /** Storage that cannot be read fails Workbox's own look-up, before this plugin is asked: goes to the network. */
  handlerDidError: HandlerDidErrorCallback = async ({request, state}) =>
    (state as RequestState).wasLookedUp ? undefined : fetch(request);

  /** Stores what belongs to a release, so that nothing of it is left for the strategy to store. */
  cacheWillUpdate: CacheWillUpdateCallback = async ({request, response, event, state}) => {
    const {keys = new Map<string, KeyState>(), isMisplaced} = state as RequestState;
    const pins = await Promise.all([...keys.values()].map((key) => key.pin));
    const storable = isStorable(request, response);
    if (storable && pins.every((pin) => pin === undefined)) {
      // The strategy's own cache is no place for a signed URL either.
      return isCodeFromElsewhere(request, response) ? response : detached(response);
    }

    const [pin, ...more] = pins;
    if (storable && pin && more.length === 0 && !isMisplaced) {
      await this.storeAsset(pin, {request, response, event, state: state as MapLikeObject});
    } else {
      letGo(response);
      if (process.env.NODE_ENV !== 'production') {
        explain(pin, more.length > 0, isMisplaced);
      }
    }
    return null;
  };

  /** Never rejects: nothing that goes wrong in storing is the page's concern. */
  private async storeAsset(pin: Pin, param: CacheWillUpdateCallbackParam): Promise<void> {
    const {key, cacheName} = pin;
    const {request, response, event, state} = param;
    if (isCodeFromElsewhere(request, response)) {
      letGo(response);
      report({type: 'ASSET_NOT_STORED', payload: {key, cacheName, reason: 'redirected-code'}});
      return;
    }
    try {
      const asset = new Request(key);
      const oldResponse = this.byCacheName.observesUpdates ? await find(asset, cacheName) : undefined;
      const newResponse = await store(pin, response);
      if (newResponse) {
        const update = {cacheName, event, newResponse, oldResponse, request: asset, state};
        await this.byCacheName.cacheDidUpdate(update as CacheDidUpdateCallbackParam);
      }
    } catch (error) {
      report({type: 'ASSET_NOT_STORED', payload: {key, cacheName, reason: storeFailure(error)}});
    }
  }
}
