import type {CrossOriginIsolationPlugin} from '@holdfast/service-worker/isolation';
import type {RouteMatchCallbackOptions, WorkboxPlugin} from 'workbox-core/types.js';

/** A route whose pages are isolated: whether it is about a request, and by which plugin. */
type IsolatingRoute = readonly [
  isAbout: (options: RouteMatchCallbackOptions) => unknown,
  plugin: CrossOriginIsolationPlugin,
];

/**
 * A plugin for the precache, which answers before any route: it isolates what a route would, if the route were asked.
 */
export const isolatePrecache = (routes: readonly IsolatingRoute[]): WorkboxPlugin => ({
  handlerWillRespond: async (param) => {
    // Without a request while the worker is installed.
    const {request} = param.event as Partial<FetchEvent>;
    const {event, response} = param;
    const url = new URL(request?.url ?? '', location.href);
    const route = request && routes.find(([isAbout]) => isAbout({url, request, event, sameOrigin: true}));
    return route ? route[1].handlerWillRespond(param) : response;
  },
});
