import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {CacheFirst, NetworkFirst, NetworkOnly, StaleWhileRevalidate, type Strategy} from 'workbox-strategies';
import {CrossOriginIsolationPlugin, type CrossOriginIsolationPluginOptions} from './index.ts';

const PAGE = `${location.origin}/app/`;
const ASSET = 'https://assets.test/model.onnx';
const REQUIRE_CORP = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

let asked: Request[];
let network: () => Response;

beforeEach(() => {
  asked = [];
  network = () => new Response('from the network');
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request);
    return network();
  });
});

afterEach(async () => {
  vi.unstubAllGlobals();
  await caches.delete('pages');
});

const options = (
  plugin: CrossOriginIsolationPluginOptions = {embedderPolicy: 'require-corp'},
  ...others: WorkboxPlugin[]
) => ({cacheName: 'pages', plugins: [...others, new CrossOriginIsolationPlugin(plugin)]});

const run = async (strategy: Strategy, request: Request, event = new ExtendableEvent('fetch')) => {
  const [response, done] = strategy.handleAll({event, request});
  const answer = await response;
  await done;
  return answer;
};

const stored = async (url: string): Promise<Response | undefined> => (await caches.open('pages')).match(url);

const headersOf = (response: Response | undefined) => Object.fromEntries(response?.headers ?? []);

describe.each([
  ['CacheFirst', CacheFirst],
  ['NetworkFirst', NetworkFirst],
  ['StaleWhileRevalidate', StaleWhileRevalidate],
])('%s', (_name, AnyStrategy) => {
  it('answers with the headers and stores them', async () => {
    const response = await run(new AnyStrategy(options()), new Request(PAGE));
    expect(headersOf(response)).toMatchObject(REQUIRE_CORP);
    expect(headersOf(await stored(PAGE))).toMatchObject(REQUIRE_CORP);
  });
});

it('adds the headers to what was stored before', async () => {
  await (await caches.open('pages')).put(PAGE, new Response('from the cache'));
  const response = await run(new CacheFirst(options()), new Request(PAGE));

  expect(await response.text()).toBe('from the cache');
  expect(headersOf(response)).toMatchObject(REQUIRE_CORP);
  expect(asked).toEqual([]);
});

it('returns what it has stored unchanged', async () => {
  const strategy = new CacheFirst(options());
  await run(strategy, new Request(PAGE));
  let found: Response | undefined;
  strategy.plugins.unshift({
    cachedResponseWillBeUsed: async ({cachedResponse}) => {
      found = cachedResponse;
      return cachedResponse;
    },
  });

  const response = await run(strategy, new Request(PAGE));
  expect(found).toBeInstanceOf(Response);
  expect(response).toBe(found);
});

it('adds the headers to a navigation that was preloaded', async () => {
  const event = Object.assign(new FetchEvent('fetch', {request: new Request(PAGE)}), {
    preloadResponse: Promise.resolve(new Response('preloaded')),
  });
  const request = Object.defineProperty(new Request(PAGE), 'mode', {value: 'navigate'});
  const response = await run(new NetworkOnly(options()), request, event);

  expect(await response.text()).toBe('preloaded');
  expect(headersOf(response)).toMatchObject(REQUIRE_CORP);
});

it('adds the headers to a fallback of another plugin', async () => {
  network = () => {
    throw new TypeError('Failed to fetch');
  };
  const fallback = {handlerDidError: async () => new Response('offline')};
  const response = await run(
    new NetworkOnly(options({embedderPolicy: 'require-corp'}, fallback)),
    new Request(PAGE),
  );

  expect(await response.text()).toBe('offline');
  expect(headersOf(response)).toMatchObject(REQUIRE_CORP);
});

it('stores a file of another origin with a header that lets pages embed it', async () => {
  await run(new CacheFirst(options()), new Request(ASSET));
  expect((await stored(ASSET))?.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
});

it('decides by the page’s request, also where another plugin has sent a different one', async () => {
  network = () =>
    Object.defineProperties(new Response('code'), {
      redirected: {value: true},
      url: {value: 'https://assets.test/dist/code'},
    });
  const request = Object.defineProperty(new Request(ASSET), 'destination', {value: 'style'});
  const event = Object.defineProperty(new ExtendableEvent('fetch'), 'request', {value: request});
  const other = {requestWillFetch: async () => new Request(ASSET, {credentials: 'omit'})};
  await run(new CacheFirst(options({embedderPolicy: 'require-corp'}, other)), request, event);

  expect((await stored(ASSET))?.headers.get('cross-origin-resource-policy')).toBeNull();
});

describe('a request without CORS', () => {
  const fromElement = (url: string): Request =>
    new Request(url, {
      mode: 'no-cors',
      credentials: 'include',
      referrerPolicy: 'no-referrer',
      cache: 'reload',
    });

  const sent = async (embedderPolicy: 'credentialless' | 'require-corp', request: Request) => {
    await run(new NetworkOnly(options({embedderPolicy})), request);
    return asked.map(({credentials}) => credentials);
  };

  it('is sent to another origin without cookies, and otherwise unchanged', async () => {
    expect(await sent('credentialless', fromElement(ASSET))).toEqual(['omit']);
    expect(asked).toMatchObject([
      {url: ASSET, mode: 'no-cors', referrerPolicy: 'no-referrer', cache: 'reload'},
    ]);
  });

  it('is sent with them under require-corp', async () => {
    expect(await sent('require-corp', fromElement(ASSET))).toEqual(['include']);
  });

  it('is sent with them to the page’s own origin', async () => {
    expect(await sent('credentialless', fromElement(PAGE))).toEqual(['include']);
  });

  it('loses its cookies, but one with CORS does not', async () => {
    const request = new Request(ASSET, {mode: 'cors', credentials: 'include'});
    expect(await sent('credentialless', request)).toEqual(['include']);
  });
});

it('uses the policy that the browser supports, by default', async () => {
  const response = await run(new NetworkOnly(options({})), new Request(PAGE));
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('credentialless');
});

it('refuses invalid options', () => {
  expect(() => new CrossOriginIsolationPlugin({embedderPolicy: 'unsafe-none' as never})).toThrow(
    `CrossOriginIsolationPlugin: option 'embedderPolicy' must be one of credentialless, require-corp`,
  );
});
