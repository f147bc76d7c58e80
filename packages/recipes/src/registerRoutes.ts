import {handleVersionMessages} from '@holdfast/version-scope';
import {registerRoute} from 'workbox-routing';
import {CacheFirst, NetworkFirst, NetworkOnly, StaleWhileRevalidate} from 'workbox-strategies';
import {createPlugin} from './createPlugin.ts';
import {inOrder} from './pluginOrder.ts';
import type {RouteEntry} from './RouteEntry.ts';

const STRATEGIES = {CacheFirst, NetworkFirst, NetworkOnly, StaleWhileRevalidate};

let answersMessages = false;

const answerMessages = (): void => {
  if (!answersMessages) {
    answersMessages = true;
    handleVersionMessages();
  }
};

/**
 * Registers routes in a worker: to be called while its script runs, once or more often. The first route that
 * matches a request answers it. Where a route has a {@link versionScope}, the worker answers its messages
 * too, so do not call `handleVersionMessages()`.
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
    if (plugins.some(({holdfast}) => holdfast === 'versionScope')) {
      answerMessages();
    }
  }
};
