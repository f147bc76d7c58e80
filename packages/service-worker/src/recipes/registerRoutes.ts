import {registerRoute} from 'workbox-routing';
import {
  CacheFirst,
  NetworkFirst,
  NetworkOnly,
  StaleWhileRevalidate,
  type Strategy,
  type StrategyOptions,
} from 'workbox-strategies';
import {handleVersionMessages} from '../releases/index.ts';
import {createPlugin} from './createPlugin.ts';
import type {PluginName} from './pluginEntries.ts';
import {inOrder} from './pluginOrder.ts';
import type {RouteEntry} from './RouteEntry.ts';

const WORKBOX_STRATEGIES = {CacheFirst, NetworkFirst, NetworkOnly, StaleWhileRevalidate};

/** Strategies that only those workers have whose routes need them. */
export interface OptionalStrategies {
  /** That of `@holdfast/large-files`, for routes that are resumable. */
  ResumableCacheFirst?:
    | (new (
        options: StrategyOptions & Pick<RouteEntry['options'], 'minBytes' | 'pieceBytes'>,
      ) => Strategy)
    | undefined;
}

/** Pages that have these switch versions, or wait until the worker controls them: by its messages. */
const NEEDS_MESSAGES: readonly PluginName[] = ['versionScope', 'crossOriginIsolation'];

/** Without its strategy a route answers nothing, so this is said in production, too. */
const missing = (handler: string): never => {
  throw new TypeError(
    `registerRoutes: there is no strategy '${handler}'. That of @holdfast/large-files has to be handed in: ` +
      'registerRoutes(routes, {ResumableCacheFirst}).',
  );
};

let answersMessages = false;

const answerMessages = (): void => {
  if (!answersMessages) {
    answersMessages = true;
    handleVersionMessages();
  }
};

/**
 * Registers routes in a worker: to be called while its script runs, once or more often. The first route that
 * matches a request answers it. Where a route has a {@link versionScope} or a {@link crossOriginIsolation}, the
 * worker answers the messages of `@holdfast/window` too, so do not call `handleVersionMessages()`.
 *
 * @param more the strategies of routes that need others than Workbox's.
 * @throws TypeError for a route whose strategy is missing; and in a development build one that names the option and
 *   the value it got.
 *
 * @example
 * registerRoutes([...pyodide(), ...pypiFiles(), ...huggingFace()]);
 *
 * @example
 * import {ResumableCacheFirst} from '../downloads/index.ts';
 *
 * registerRoutes(huggingFace({resumable: true}), {ResumableCacheFirst});
 */
export const registerRoutes = (entries: readonly RouteEntry[], more: OptionalStrategies = {}): void => {
  const strategies = {...WORKBOX_STRATEGIES, ...more};
  for (const {urlPattern, destinations, handler, options} of entries) {
    const plugins = inOrder(options.plugins, ({holdfast}) => holdfast);
    const strategy = new (strategies[handler] ?? missing(handler))({
      ...options,
      plugins: plugins.map(createPlugin),
    });
    registerRoute(
      destinations
        ? ({url, request}) =>
            (destinations as readonly string[]).includes(request.destination) && urlPattern.test(url.href)
        : urlPattern,
      strategy,
    );
    if (plugins.some(({holdfast}) => NEEDS_MESSAGES.includes(holdfast))) {
      answerMessages();
    }
  }
};
