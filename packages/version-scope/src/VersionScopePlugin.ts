import {answerRange} from '@holdfast/stable-key';
import {logger} from 'workbox-core/_private/logger.js';
import type {
  CachedResponseWillBeUsedCallback,
  CacheKeyWillBeUsedCallback,
  CacheWillUpdateCallback,
  CacheWillUpdateCallbackParam,
  FetchDidSucceedCallback,
  HandlerWillStartCallback,
  WorkboxPlugin,
} from 'workbox-core/types.js';
import {ByCacheName} from './ByCacheName.ts';
import {type CurrentVersions, currentVersions} from './currentVersions.ts';
import {detached} from './detached.ts';
import {isStorable} from './isStorable.ts';
import {letGo} from './letGo.ts';
import {resolveOptions, type VersionScopePluginOptions} from './options.ts';
import {type Pin, pinned} from './pinned.ts';
import type {Scope} from './releaseOf.ts';
import {addScope} from './scopes.ts';
import {store} from './store.ts';

/** What is kept for one request, from `handlerWillStart` on. Workbox hands it to each callback. */
interface RequestState {
  versions?: Promise<CurrentVersions>;
  pin?: Promise<Pin | null | undefined>;
  /** What the release's cache has: asked for while Workbox asks the strategy's, so that a hit waits once. */
  found?: Promise<Response | undefined>;
}

const find = (request: Request, options: MultiCacheQueryOptions): Promise<Response | undefined> =>
  // Storage that cannot be read is a miss: the page gets its bytes from the network.
  caches.match(request, {...options, ignoreVary: true}).catch(() => undefined);

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
  readonly #scope: Scope;
  readonly #byCacheName: ByCacheName;

  /** @throws TypeError that names the option and the value it got. */
  constructor(options: VersionScopePluginOptions) {
    const {prefix, pattern, plugins} = resolveOptions(options);
    this.#scope = {prefix, pattern};
    this.#byCacheName = new ByCacheName(plugins);
    addScope(this.#scope);
  }

  /** Takes the snapshot that decides, for the whole of the request, which release is current. */
  handlerWillStart: HandlerWillStartCallback = async ({state}) => {
    (state as RequestState).versions = currentVersions();
  };

  /** Leaves the key as it is, pins the release that it belongs to, and begins to look for it there. */
  cacheKeyWillBeUsed: CacheKeyWillBeUsedCallback = async ({request, mode, state}) => {
    const kept = state as RequestState;
    kept.pin ??= pinned(this.#scope, request.url, kept.versions ?? currentVersions());
    const pin = await kept.pin;
    if (pin && mode === 'read') {
      kept.found = find(request, {cacheName: pin.cacheName});
    }
    return request;
  };

  /** Takes the place of whatever the strategy's own cache had. */
  cachedResponseWillBeUsed: CachedResponseWillBeUsedCallback = async (param) => {
    const {request, matchOptions, cachedResponse, state} = param;
    const {pin: pinning, found} = state as RequestState;
    const pin = await pinning;
    if (!pin) {
      return pin === undefined ? cachedResponse : null;
    }
    const {cacheName} = pin;
    const stored = (await found) ?? (matchOptions && (await find(request, {...matchOptions, cacheName})));
    if (process.env.NODE_ENV !== 'production') {
      logger.debug(`'${pin.key}' is ${stored ? '' : 'not '}in the cache of its release, '${cacheName}'.`);
    }
    const response = await this.#byCacheName.cachedResponseWillBeUsed({
      ...param,
      cacheName,
      cachedResponse: stored,
    });
    return response && answerRange(request, response);
  };

  /** Lets no signed URL reach the page, on a miss as little as on a hit. */
  fetchDidSucceed: FetchDidSucceedCallback = async ({response}) =>
    response.redirected ? detached(response) : response;

  /** Stores what belongs to a release, so that nothing of it is left for the strategy to store. */
  cacheWillUpdate: CacheWillUpdateCallback = async ({request, response, event, state}) => {
    const pin = await (state as RequestState).pin;
    const storable = isStorable(request, response);
    if (storable && pin === undefined) {
      // The strategy's own cache is no place for a signed URL either.
      return detached(response);
    }
    if (storable && pin) {
      await this.#store(pin, {request, response, event, state});
    } else {
      letGo(response);
    }
    if (process.env.NODE_ENV !== 'production' && pin === null) {
      // Without its query, which may hold a signature.
      logger.warn(
        `'${request.url.split('?')[0]}' names no version, and its line has no current one. It is not stored. ` +
          `Make a version current with switchVersion() of @holdfast/window.`,
      );
    }
    return null;
  };

  async #store(pin: Pin, param: CacheWillUpdateCallbackParam): Promise<void> {
    const {key, cacheName} = pin;
    const {event, response, state} = param;
    const oldResponse = this.#byCacheName.observesUpdates
      ? await caches.match(key, {cacheName, ignoreVary: true}).catch(() => undefined)
      : undefined;
    const newResponse = await store(pin, response);
    if (newResponse) {
      const request = new Request(key);
      await this.#byCacheName.cacheDidUpdate({cacheName, event, newResponse, oldResponse, request, state});
    }
  }
}
