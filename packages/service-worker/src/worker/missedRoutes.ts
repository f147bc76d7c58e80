import type {Route} from 'workbox-routing';
import {RegExpRoute} from 'workbox-routing/RegExpRoute.js';
import type {MissedRoute} from './MissedRoute.ts';
import {getOrCreateDefaultRouter} from './workboxInternals.ts';

/** A request that routes are asked about. */
export interface Asked {
  readonly url: URL;
  readonly request: Request;
  readonly event: ExtendableEvent;
}

/** What routes may tell requests apart by. https://fetch.spec.whatwg.org/#concept-request-destination */
const DESTINATIONS = [
  '',
  'document',
  'iframe',
  'script',
  'worker',
  'sharedworker',
  'style',
  'image',
  'font',
  'audio',
  'video',
  'track',
  'manifest',
  'object',
  'embed',
];

/** Returns a thing that says other values of itself. A script cannot make a request with a destination. */
export const saying = <Thing extends object>(
  thing: Thing,
  values: Partial<Record<keyof Thing, unknown>>,
): Thing => {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(thing, name, {value});
  }
  return thing;
};

/** Returns what a route makes of a request, as the router has it; falsy where it does not take it. */
export const matchOf = (route: Route, {url, request, event}: Asked): unknown => {
  try {
    return route.match({url, request, event, sameOrigin: url.origin === location.origin});
  } catch {
    // A route's own function may not be made for such an event.
    return undefined;
  }
};

/** Returns the routes for a method, in the order in which they are asked. */
export const routesFor = (method: string): readonly Route[] =>
  getOrCreateDefaultRouter().routes.get(method as 'GET') ?? [];

/**
 * Tells whether a route's RegExp matches somewhere in a URL of another origin: Workbox wants a match from the first
 * character there.
 */
export const matchesInside = (route: Route, asked: Asked): boolean => {
  const {href, origin} = asked.url;
  return (
    route instanceof RegExpRoute &&
    origin !== location.origin &&
    Boolean(matchOf(route, Object.assign({}, asked, {url: saying(new URL(href), {origin: location.origin})})))
  );
};

/** Returns what keeps a route from a request that it does not take; `undefined` where that is not one thing. */
const missOf = (route: Route, asked: Asked): Pick<MissedRoute, 'because' | 'takes'> | undefined => {
  const {request} = asked;
  if (route.method !== request.method) {
    const other = saying(new Request(request.url), {method: route.method});
    return matchOf(route, Object.assign({}, asked, {request: other}))
      ? {because: 'method', takes: [route.method]}
      : undefined;
  }
  if (matchesInside(route, asked)) {
    return {because: 'origin', takes: []};
  }
  const takes = DESTINATIONS.filter((destination) =>
    matchOf(
      route,
      Object.assign({}, asked, {
        request: saying(new Request(request), {
          destination,
          mode: destination === 'document' ? 'navigate' : request.mode,
        }),
      }),
    ),
  );
  return takes.length > 0 ? {because: 'destination', takes} : undefined;
};

/** Returns the routes that would take a request, but for one thing. Ask where none takes it. */
export const missedRoutes = (asked: Asked): MissedRoute[] =>
  [...getOrCreateDefaultRouter().routes.values()].flatMap((routes) =>
    routes.flatMap((route, at) => {
      const miss = missOf(route, asked);
      return miss ? Object.assign({index: at + 1}, miss) : [];
    }),
  );
