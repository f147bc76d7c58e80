import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {type Route, registerRoute} from 'workbox-routing';
import {CacheFirst} from 'workbox-strategies';
import {MissWarnings} from './MissWarnings.ts';
import {type Asked, missedRoutes, saying} from './missedRoutes.ts';
import {WorkerState} from './WorkerState.ts';
import {getOrCreateDefaultRouter} from './workboxInternals.ts';

let routes: Route[];
let listener: (event: unknown) => void;

const register = (...route: Parameters<typeof registerRoute>): void => {
  routes.push(registerRoute(...route));
};

beforeEach(() => {
  routes = [];
  vi.spyOn(self, 'addEventListener').mockImplementation((_type: string, listen: unknown) => {
    listener = listen as typeof listener;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const route of routes) {
    getOrCreateDefaultRouter().unregisterRoute(route);
  }
});

const asked = (url: string, values: Partial<Request> = {}): Asked => ({
  url: new URL(url),
  request: saying(new Request(url), values),
  event: new ExtendableEvent('message'),
});

it('names a route whose RegExp matches in the middle of the URL of another origin', () => {
  register(/never/, new CacheFirst());
  register(/\/models\//, new CacheFirst());
  expect(missedRoutes(asked('https://a.test/models/one'))).toEqual([
    {index: 2, because: 'origin', takes: []},
  ]);
});

it('names a route of another method', () => {
  register(/^https:\/\/a\.test\//, new CacheFirst(), 'POST');
  expect(missedRoutes(asked('https://a.test/one'))).toEqual([{index: 1, because: 'method', takes: ['POST']}]);
});

it('names a route that takes other destinations', () => {
  register(({request}) => ['image', 'document'].includes(request.destination), new CacheFirst());
  expect(missedRoutes(asked('https://a.test/one'))).toEqual([
    {index: 1, because: 'destination', takes: ['document', 'image']},
  ]);
});

it('names no route that does not take the URL, or cannot be asked', () => {
  register(/^https:\/\/b\.test\//, new CacheFirst());
  register(() => {
    throw new Error('not for such an event');
  }, new CacheFirst());
  expect(missedRoutes(asked('https://a.test/one'))).toEqual([]);
});

it('a development build warns once for each URL that a RegExp matches in the middle', () => {
  vi.stubGlobal('__WB_DISABLE_DEV_LOGS', false);
  const lines: string[] = [];
  const note = (...args: unknown[]) => void lines.push(String(args.at(-1)));
  vi.spyOn(console, 'warn').mockImplementation(note);
  vi.spyOn(console, 'debug').mockImplementation(note);
  register(/\/models\//, new CacheFirst());
  new WorkerState().part(MissWarnings);
  for (const url of [
    'https://a.test/models/one?token=secret',
    'https://a.test/models/one',
    'https://a.test/other',
  ]) {
    listener({request: new Request(url)});
  }
  expect(lines).toEqual([
    "No route takes 'https://a.test/models/one'. Route 1 would, but its RegExp matches only in the middle of it. For URLs of " +
      'another origin it must match from the first character: begin it with `^https:\\/\\/` and the host.',
  ]);
});
