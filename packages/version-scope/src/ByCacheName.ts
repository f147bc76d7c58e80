import type {
  CacheDidUpdateCallbackParam,
  CachedResponseWillBeUsedCallbackParam,
  MapLikeObject,
  WorkboxPlugin,
} from 'workbox-core/types.js';

/** Runs plugins that work by cache name, with the name of the release's cache, as a strategy would. */
export class ByCacheName {
  readonly #plugins: readonly WorkboxPlugin[];
  /** The state of the plugin that owns this, for one request → the states of the plugins in here. */
  readonly #states = new WeakMap<MapLikeObject, Map<WorkboxPlugin, MapLikeObject>>();

  constructor(plugins: readonly WorkboxPlugin[]) {
    this.#plugins = plugins;
  }

  get observesUpdates(): boolean {
    return this.#plugins.some(({cacheDidUpdate}) => cacheDidUpdate);
  }

  async cachedResponseWillBeUsed(
    param: CachedResponseWillBeUsedCallbackParam,
  ): Promise<Response | undefined> {
    let {cachedResponse} = param;
    for (const plugin of this.#plugins) {
      if (plugin.cachedResponseWillBeUsed) {
        const state = this.#stateOf(plugin, param.state);
        cachedResponse =
          (await plugin.cachedResponseWillBeUsed({...param, cachedResponse, state})) ?? undefined;
      }
    }
    return cachedResponse;
  }

  async cacheDidUpdate(param: CacheDidUpdateCallbackParam): Promise<void> {
    for (const plugin of this.#plugins) {
      await plugin.cacheDidUpdate?.({...param, state: this.#stateOf(plugin, param.state)});
    }
  }

  #stateOf(plugin: WorkboxPlugin, owner: MapLikeObject = {}): MapLikeObject {
    let states = this.#states.get(owner);
    if (!states) {
      states = new Map(this.#plugins.map((one) => [one, {}]));
      this.#states.set(owner, states);
    }
    return states.get(plugin) ?? {};
  }
}
