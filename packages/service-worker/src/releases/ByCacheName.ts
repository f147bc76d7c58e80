import type {
  CacheDidUpdateCallbackParam,
  CachedResponseWillBeUsedCallbackParam,
  MapLikeObject,
  WorkboxPlugin,
} from 'workbox-core/types.js';

/** Runs plugins that work by cache name, with the name of the release's cache, as a strategy would. */
export class ByCacheName {
  /** Whether one of them wants to know what was there before an update. */
  readonly observesUpdates: boolean;
  private readonly plugins: readonly WorkboxPlugin[];

  constructor(plugins: readonly WorkboxPlugin[]) {
    this.plugins = plugins;
    // Looks at every one, so that what is no plugin throws here.
    this.observesUpdates = plugins.filter(({cacheDidUpdate}) => cacheDidUpdate).length > 0;
  }

  async cachedResponseWillBeUsed(
    param: CachedResponseWillBeUsedCallbackParam,
  ): Promise<Response | undefined> {
    let {cachedResponse} = param;
    for (const plugin of this.plugins) {
      if (plugin.cachedResponseWillBeUsed) {
        const own = Object.assign(this.paramOf(plugin, param), {cachedResponse});
        cachedResponse = (await plugin.cachedResponseWillBeUsed(own)) ?? undefined;
      }
    }
    return cachedResponse;
  }

  async cacheDidUpdate(param: CacheDidUpdateCallbackParam): Promise<void> {
    for (const plugin of this.plugins) {
      await plugin.cacheDidUpdate?.(this.paramOf(plugin, param));
    }
  }

  /** A copy with the plugin's own state for the request, which is kept in the state of the plugin outside. */
  private paramOf<Param extends {state?: MapLikeObject}>(plugin: WorkboxPlugin, param: Param): Param {
    const {state = {}} = param;
    state.states ??= new Map(this.plugins.map((one) => [one, {}]));
    return Object.assign({}, param, {state: state.states.get(plugin)});
  }
}
