import {cacheNames} from 'workbox-core/cacheNames.js';
import type {
  CacheDidUpdateCallback,
  CacheDidUpdateCallbackParam,
  CachedResponseWillBeUsedCallbackParam,
  MapLikeObject,
} from 'workbox-core/types.js';
import type {StoreFailure} from '../messages/protocol.ts';
import {thisWorker} from '../worker/thisWorker.ts';
import type {WorkerState} from '../worker/WorkerState.ts';
import {ByCacheName} from './ByCacheName.ts';
import {findInCache} from './findAsset.ts';
import type {VersionScopePluginOptions} from './options.ts';
import {PlainVersionScopePlugin} from './PlainVersionScopePlugin.ts';
import type {ClientPin} from './pinRequest.ts';
import type {Storable} from './storeAsset.ts';

/** Tells whether a cache is the one that all strategies may share, which plugins that work by cache name refuse. */
const isShared = ({cacheName}: {cacheName: string}): boolean => cacheName === cacheNames.runtime;

/**
 * Gives every release a cache of its own, named `<prefix>-<line>-<version>`.
 *
 * Workbox lets no plugin change the name of a strategy's cache, so this one does the two things that need the name by
 * itself: it looks into the release's cache when Workbox has looked into the strategy's, and it puts into the release's
 * cache and then reports to Workbox that there is nothing to put.
 *
 * Give it to a strategy as the last plugin: after those that change the key, so that it sees the final one, and after
 * those that refuse or check responses, so that it stores only what they let through. Give the strategy itself to
 * `registerRoute()`, not a function that calls it: messages find the plugin through its route.
 *
 * @example
 * registerRoute(
 *   ({url}) => url.hostname === 'huggingface.co',
 *   new CacheFirst({
 *     plugins: [
 *       new StableKeyPlugin(),
 *       new QuotaGuardPlugin(),
 *       new VersionScopePlugin({
 *         prefix: 'models',
 *         pattern: /\/resolve\/(?<locale>[^/]+)\/(?<version>[^/]+)\//,
 *       }),
 *     ],
 *   }),
 * );
 * registerAssets([]); // Answers the messages of @holdfast/window.
 */
export class VersionScopePlugin extends PlainVersionScopePlugin {
  private readonly byCacheName: ByCacheName;

  /**
   * Of what belongs to no release and went into the strategy's own cache. Absent unless a plugin wants to know: for this
   * callback Workbox makes copies of each response. A release's update is reported when it is stored.
   */
  cacheDidUpdate?: CacheDidUpdateCallback;

  /** @throws TypeError that names the option, what it must be, and the value it got: in a development build. */
  constructor(options: VersionScopePluginOptions, worker: WorkerState = thisWorker) {
    super(options, worker);
    const byCacheName = new ByCacheName(options.plugins ?? []);
    this.byCacheName = byCacheName;
    if (byCacheName.observesUpdates) {
      this.cacheDidUpdate = async (param) =>
        isShared(param) ? undefined : byCacheName.cacheDidUpdate(param);
    }
  }

  protected override async lookedUp(
    param: CachedResponseWillBeUsedCallbackParam,
  ): Promise<Response | undefined> {
    return isShared(param) ? param.cachedResponse : this.byCacheName.cachedResponseWillBeUsed(param);
  }

  protected override async store(
    pin: ClientPin,
    asset: Storable,
    state: MapLikeObject | undefined,
  ): Promise<Response | StoreFailure | undefined> {
    const {byCacheName} = this;
    const {key, cacheName} = pin;
    const request = new Request(key);
    const oldResponse = byCacheName.observesUpdates ? await findInCache(request, cacheName) : undefined;
    const outcome = await super.store(pin, asset, state);
    if (outcome instanceof Response) {
      const {event} = asset;
      const update = {cacheName, event, newResponse: outcome, oldResponse, request, state};
      await byCacheName.cacheDidUpdate(update as CacheDidUpdateCallbackParam).catch(() => undefined);
    }
    return outcome;
  }
}
