import type {WorkboxPlugin} from 'workbox-core/types.js';
import type {Strategy} from 'workbox-strategies/Strategy.js';
import {getOrCreateDefaultRouter} from './workboxInternals.ts';

/** Returns the strategies of all routes that answer GET. The strategy inside of a function is not seen. */
export const routedStrategies = (): Partial<Strategy>[] =>
  (getOrCreateDefaultRouter().routes.get('GET') ?? []).map(({handler}) => handler as Partial<Strategy>);

export const routedPlugins = (): WorkboxPlugin[] => routedStrategies().flatMap(({plugins}) => plugins ?? []);

/** Tells whether one of our plugins is among those of a strategy. A function has none. */
export const hasOurPlugins = ({plugins = []}: Partial<Strategy>): boolean =>
  plugins.some((plugin) => 'holdfast' in plugin);

/** Returns the strategy that answers a request; `undefined` where no route does, or a function. */
export const strategyFor = (request: Request, event: ExtendableEvent): Strategy | undefined => {
  const url = new URL(request.url);
  const {route} = getOrCreateDefaultRouter().findMatchingRoute({
    url,
    request,
    event,
    sameOrigin: url.origin === location.origin,
  });
  const strategy = route?.handler as Strategy | undefined;
  return strategy?.plugins && strategy;
};
