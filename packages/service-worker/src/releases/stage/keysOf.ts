import type {WorkboxPlugin} from 'workbox-core/types.js';
import {strategyFor} from '../../worker/routes.ts';
import type {WorkerState} from '../../worker/WorkerState.ts';

/** What a `StableKeyPlugin` looks like from outside: a worker without one does not carry its code. */
interface KeyPlugin {
  holdfast?: string;
  keyOf(url: string): string;
}

const keyPlugins = (plugins: readonly WorkboxPlugin[]): KeyPlugin[] =>
  (plugins as unknown as KeyPlugin[]).filter(({holdfast}) => holdfast === 'stableKey');

/** The strategy that answers a URL. A route's own function may not be made for such an event. */
const strategyOf = (url: string, event: ExtendableEvent): ReturnType<typeof strategyFor> => {
  try {
    return strategyFor(new Request(url), event);
  } catch {
    return undefined;
  }
};

/**
 * Returns a function that makes the keys of a URL, as the route that answers it makes them: one, except where the route
 * is answered by a function, whose plugins are not seen. Then each route's `StableKeyPlugin` makes one, in their order,
 * and the last key is the URL itself.
 */
export const keysOf = (worker: WorkerState, event: ExtendableEvent): ((url: string) => string[]) => {
  const routed = keyPlugins(worker.plugins);
  return (url) => {
    const strategy = strategyOf(url, event);
    const own = strategy && keyPlugins(strategy.plugins).slice(0, 1);
    const keys = (own ?? routed).map((plugin) => plugin.keyOf(url));
    return own?.length ? keys : keys.concat(new URL(url).href.replace(/#.*/, ''));
  };
};
