import {type Route, registerRoute} from 'workbox-routing';
import {
  CacheFirst,
  NetworkFirst,
  NetworkOnly,
  StaleWhileRevalidate,
  type Strategy,
  type StrategyOptions,
} from 'workbox-strategies';
import type {Feature} from '../messages/Feature.ts';
import {OptionsChecker} from '../options/OptionsChecker.ts';
import {setUp} from '../releases/setUp.ts';
import {BudgetPlugin} from '../storage/BudgetPlugin.ts';
import {refuseExpiration} from '../storage/refuseExpiration.ts';
import {createPlugin} from './createPlugin.ts';
import {inOrder} from './pluginOrder.ts';
import type {RouteEntry} from './RouteEntry.ts';

/** A route whose strategy is an instance. */
export interface StrategyRoute extends Pick<RouteEntry, 'urlPattern' | 'destinations'> {
  handler: Strategy;
}

/** A route: data, as recipes return it; data with an instance of a strategy; or a `Route` of Workbox. */
export type AssetRoute = RouteEntry | StrategyRoute | Route;

/** Options of {@link registerAssets}. */
export interface RegisterAssetsOptions {
  /**
   * What the worker can do on top of its routes: `staging()`, `downloads()`, `listing()`, `inspection()`,
   * `accounts()`, `budgets()`, `adoption()`.
   *
   * @default []
   */
  features?: readonly Feature[] | undefined;
}

type Strategies = Readonly<Record<string, (options: StrategyOptions) => Strategy>>;

const WORKBOX_STRATEGIES: Strategies = {
  CacheFirst: (options) => new CacheFirst(options),
  NetworkFirst: (options) => new NetworkFirst(options),
  NetworkOnly: (options) => new NetworkOnly(options),
  StaleWhileRevalidate: (options) => new StaleWhileRevalidate(options),
};

const checker: OptionsChecker = /* @__PURE__ */ new OptionsChecker('registerAssets');

const checkArguments = (routes: unknown, options: RegisterAssetsOptions): void => {
  checker.check(Array.isArray(routes), 'routes', 'an array of routes', routes);
  for (const [index, route] of (routes as unknown[]).entries()) {
    const need = 'a route. Spread a recipe that returns several, as in `...pyodide()`';
    checker.check(Object(route).handler, `routes[${index}]`, need, route);
  }
  checker.checkFields(options, '', ['features']);
};

/** A route without its strategy answers nothing, so this is thrown in production, too. */
const missing = (handler: string): never => {
  throw new TypeError(
    handler === 'ResumableCacheFirst'
      ? "registerAssets: the handler 'ResumableCacheFirst' needs a feature: write " +
          'registerAssets(routes, {features: [downloads()]}).'
      : `registerAssets: there is no handler '${handler}'.`,
  );
};

const strategyOf = (route: RouteEntry | StrategyRoute, strategies: Strategies): Strategy => {
  if (typeof route.handler !== 'string') {
    return route.handler;
  }
  const {handler, options} = route as RouteEntry;
  const create = strategies[handler] ?? missing(handler);
  const plugins = inOrder(options.plugins ?? []).map(createPlugin);
  if (plugins.some((plugin) => plugin instanceof BudgetPlugin)) {
    refuseExpiration(plugins);
  }
  return create(Object.assign({}, options, {plugins}));
};

const register = (route: AssetRoute, strategies: Strategies): void => {
  if ('match' in route) {
    registerRoute(route);
    return;
  }
  const {urlPattern, destinations} = route;
  registerRoute(
    destinations
      ? ({url, request}) =>
          (destinations as readonly string[]).includes(request.destination) && urlPattern.test(url.href)
      : urlPattern,
    strategyOf(route, strategies),
  );
};

/**
 * Registers routes in a worker, and answers the messages of `@holdfast/window`. Call it while the worker's script runs.
 * The first route that matches a request answers it. A second call adds routes and features, and answers each message
 * once.
 *
 * Routes that were registered with Workbox's own `registerRoute()` count as well: `registerAssets([])` answers the
 * messages about their releases.
 *
 * @throws TypeError for a route whose strategy is missing; and in a development build one that names the option, what it
 *   must be, and the value it got.
 *
 * @example
 * registerAssets([...pyodide(), ...huggingFace({resumable: true})], {features: [downloads()]});
 */
export const registerAssets = (routes: readonly AssetRoute[], options: RegisterAssetsOptions = {}): void => {
  if (process.env.NODE_ENV !== 'production') {
    checkArguments(routes, options);
  }
  const {features = []} = options;
  const strategies: Strategies = Object.assign(
    {},
    WORKBOX_STRATEGIES,
    ...features.map((feature) => feature.strategies),
  );
  for (const route of routes) {
    register(route, strategies);
  }
  setUp(features);
};
