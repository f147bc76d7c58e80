import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {type Route, registerRoute} from 'workbox-routing';
import {CacheFirst, NetworkFirst, type Strategy} from 'workbox-strategies';
import {routedPlugins, strategyFor} from './routes.ts';
import {thisWorker} from './thisWorker.ts';
import {getOrCreateDefaultRouter} from './workboxInternals.ts';

let routes: Route[];

const register = (...route: Parameters<typeof registerRoute>): void => {
  routes.push(registerRoute(...route));
};

beforeEach(() => {
  routes = [];
  // The router listens for requests, of which a page has none.
  vi.spyOn(self, 'addEventListener').mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const route of routes) {
    getOrCreateDefaultRouter().unregisterRoute(route);
  }
});

describe('routedPlugins', () => {
  it('returns the plugins of all routes that answer GET, in their order', () => {
    const [first, second, third] = [{}, {}, {}];
    register(/one/, new CacheFirst({plugins: [first, second]}));
    register(/two/, new NetworkFirst({plugins: [third]}));
    const plugins = routedPlugins();
    expect([first, second, third].map((plugin) => plugins.indexOf(plugin))).toEqual([
      0,
      1,
      // NetworkFirst puts a plugin of its own first.
      plugins.length - 1,
    ]);
  });

  it('returns those that are registered by then', () => {
    expect(routedPlugins()).toEqual([]);
    const plugin = {};
    register(/one/, new CacheFirst({plugins: [plugin]}));
    expect(routedPlugins()).toEqual([plugin]);
    expect(thisWorker.plugins).toEqual([plugin]);
  });

  it('sees no strategy inside of a function, and no routes of other methods', () => {
    const strategy = new CacheFirst({plugins: [{}]});
    register(/one/, ({request, event}) => strategy.handle({request, event}));
    register(/two/, strategy, 'POST');
    expect(routedPlugins()).toEqual([]);
  });
});

describe('strategyFor', () => {
  const strategyOf = (url: string, init?: RequestInit): Strategy | undefined =>
    strategyFor(new Request(url, init), new ExtendableEvent('message'));

  it('returns the strategy of the first route that matches', () => {
    const [first, second] = [new CacheFirst(), new CacheFirst()];
    register(({url}) => url.hostname === 'a.test', first);
    register(({url}) => url.hostname.endsWith('.test'), second);
    expect(strategyOf('https://a.test/model')).toBe(first);
    expect(strategyOf('https://b.test/model')).toBe(second);
  });

  it('returns undefined where no route matches', () => {
    register(({url}) => url.hostname === 'a.test', new CacheFirst());
    expect(strategyOf('https://b.test/model')).toBeUndefined();
    expect(strategyOf('https://a.test/model', {method: 'POST', body: 'x'})).toBeUndefined();
  });

  it('returns undefined where a function answers, also in front of a strategy', () => {
    register(/^https:\/\/a\.test/, async () => new Response());
    register(/^https:\/\/a\.test/, new CacheFirst());
    expect(strategyOf('https://a.test/model')).toBeUndefined();
  });

  it('passes routes the request, its URL, the event, and whether it is of this origin', () => {
    const match = vi.fn(() => false);
    register(match, new CacheFirst());
    const request = new Request(new URL('/model?x=1', location.href));
    const event = new ExtendableEvent('message');
    strategyFor(request, event);
    strategyFor(new Request('https://a.test/model'), event);
    expect(match.mock.calls).toMatchObject([
      [{request, event, sameOrigin: true, url: new URL('/model?x=1', location.href)}],
      [{event, sameOrigin: false, url: new URL('https://a.test/model')}],
    ]);
  });
});
