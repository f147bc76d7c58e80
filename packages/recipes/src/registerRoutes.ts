import {handleVersionMessages} from '@holdfast/version-scope';
import {registerRoute} from 'workbox-routing';
import {CacheFirst, NetworkFirst, NetworkOnly, StaleWhileRevalidate} from 'workbox-strategies';
import {createPlugin} from './createPlugin.ts';
import type {PluginName} from './pluginEntries.ts';
import {inOrder} from './pluginOrder.ts';
import type {RouteEntry} from './RouteEntry.ts';

const STRATEGIES = {CacheFirst, NetworkFirst, NetworkOnly, StaleWhileRevalidate};

/** Pages that have these switch versions, or wait until the worker controls them: by its messages. */
const NEEDS_MESSAGES: readonly PluginName[] = ['versionScope', 'crossOriginIsolation'];

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
 * @throws TypeError that names the option and the value it got, in a development build.
 *
 * @example
 * registerRoutes([...pyodide(), ...pypiFiles(), ...huggingFace()]);
 */
export const registerRoutes = (entries: readonly RouteEntry[]): void => {
  for (const {urlPattern, destinations, handler, options} of entries) {
    const plugins = inOrder(options.plugins, ({holdfast}) => holdfast);
    const strategy = new STRATEGIES[handler]({...options, plugins: plugins.map(createPlugin)});
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
