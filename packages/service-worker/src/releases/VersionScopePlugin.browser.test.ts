import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {BroadcastUpdatePlugin} from 'workbox-broadcast-update';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {ExpirationPlugin} from 'workbox-expiration';
import {
  CacheFirst,
  CacheOnly,
  NetworkFirst,
  StaleWhileRevalidate,
  Strategy,
  type StrategyHandler,
} from 'workbox-strategies';
import {currentVersions} from './currentVersions.ts';
import {forgetLines} from './dropCaches.ts';
import {EVENT_CHANNEL, type VersionScopeEvent} from './events.ts';
import {noteEviction} from './evictions.ts';
import {VersionScopePlugin, type VersionScopePluginOptions} from './index.ts';
import {type ReleaseKeeper, releaseKeeper, setReleaseKeeper} from './releaseKeeper.ts';
import {switchVersion} from './switchVersion.ts';
import {setTurnedOff} from './turnedOff.ts';

const BASE = 'https://huggingface.co/buckets/mailwoman/assets/resolve';
const LINE = 'mailwoman-assets-en-us';
const scope = {
  prefix: 'mailwoman-assets',
  pattern: /\/resolve\/(?<locale>[^/]+)\/(?:(?<version>v[^/]+)\/)?/,
};

/** What the network answers, by URL; a number is a status, an error is thrown. */
let network: Record<string, () => Response>;
let fetched: string[];
let events: VersionScopeEvent[];
let channel: BroadcastChannel;

beforeEach(() => {
  network = {};
  fetched = [];
  events = [];
  channel = new BroadcastChannel(EVENT_CHANNEL);
  channel.onmessage = ({data}) => events.push(data);
  vi.stubGlobal('fetch', async (request: Request) => {
    fetched.push(request.url);
    const answer = network[request.url];
    if (!answer) {
      throw new TypeError('Failed to fetch');
    }
    return answer();
  });
});

afterEach(async () => {
  channel.close();
  vi.unstubAllGlobals();
  await forgetLines(() => true);
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
});

const plugins = (options: Partial<VersionScopePluginOptions> = {}): WorkboxPlugin[] => [
  new VersionScopePlugin({...scope, ...options}),
];

/** Sends a request through a strategy and waits until everything that belongs to it is done. */
const run = async (strategy: Strategy, url: string, init?: RequestInit): Promise<Response> => {
  const event = new ExtendableEvent('fetch');
  const [response, done] = strategy.handleAll({event, request: new Request(url, init)});
  const body = await (await response).clone().text();
  await done;
  return Object.assign(await response, {bodyText: body});
};

const text = async (strategy: Strategy, url: string, init?: RequestInit): Promise<string> =>
  (await run(strategy, url, init)).text();

const keysOf = async (cacheName: string): Promise<string[]> =>
  (await caches.has(cacheName)) ? (await (await caches.open(cacheName)).keys()).map(({url}) => url) : [];

/** Keeps none of the line's other releases. */
const switchTo = (version: string) => switchVersion([scope], LINE, version, {keep: 0, evictNow: false});

const model = (version: string) => `${BASE}/en-us/${version}/model.onnx`;
const latest = `${BASE}/en-us/model.onnx`;

describe('the cache of a release', () => {
  it('is named by prefix, line and version, and holds the asset under its key', async () => {
    network[model('v0.6.0')] = () => new Response('six');
    await run(new CacheFirst({plugins: plugins()}), model('v0.6.0'));

    expect(await caches.keys()).toEqual(['mailwoman-assets-en-us-v0.6.0']);
    expect(await keysOf('mailwoman-assets-en-us-v0.6.0')).toEqual([model('v0.6.0')]);
    await vi.waitFor(() =>
      expect(events).toEqual([
        {type: 'ASSET_STORED', payload: {key: model('v0.6.0'), cacheName: 'mailwoman-assets-en-us-v0.6.0'}},
      ]),
    );
  });

  it('answers the second request without the network', async () => {
    const strategy = new CacheFirst({plugins: plugins()});
    network[model('v0.6.0')] = () => new Response('six');
    await run(strategy, model('v0.6.0'));

    expect(await text(strategy, model('v0.6.0'))).toBe('six');
    expect(fetched).toHaveLength(1);
  });

  it('is not mixed with what the strategy has in a cache of its own', async () => {
    await (await caches.open('own')).put(model('v0.6.0'), new Response('not of this release'));
    network[model('v0.6.0')] = () => new Response('six');
    const strategy = new CacheFirst({cacheName: 'own', plugins: plugins()});

    expect(await text(strategy, model('v0.6.0'))).toBe('six');
  });

  it('leaves a URL out of scope to the strategy', async () => {
    const url = 'https://example.org/logo.svg';
    network[url] = () => new Response('logo');
    const strategy = new CacheFirst({cacheName: 'own', plugins: plugins()});
    await run(strategy, url);

    expect(await keysOf('own')).toEqual([url]);
    expect(await text(strategy, url)).toBe('logo');
    expect(fetched).toHaveLength(1);
  });

  it.each([404, 500])('does not take in an answer with status %i', async (status) => {
    network[model('v0.6.0')] = () => new Response('no', {status});
    network['https://example.org/x'] = () => new Response('no', {status});
    const strategy = new CacheFirst({plugins: plugins()});
    await run(strategy, model('v0.6.0'));
    await run(strategy, 'https://example.org/x');

    expect(await caches.keys()).toEqual([]);
  });
});

describe('ordinary strategies', () => {
  const url = model('v0.6.0');

  it('StaleWhileRevalidate answers from the release and renews it there', async () => {
    const strategy = new StaleWhileRevalidate({plugins: plugins()});
    network[url] = () => new Response('old');
    await run(strategy, url);
    network[url] = () => new Response('new');

    expect(await text(strategy, url)).toBe('old');
    expect(await text(strategy, url)).toBe('new');
    expect(await caches.keys()).toEqual(['mailwoman-assets-en-us-v0.6.0']);
  });

  it('NetworkFirst falls back to the release', async () => {
    const strategy = new NetworkFirst({plugins: plugins()});
    network[url] = () => new Response('online');
    await run(strategy, url);
    network = {};

    expect(await text(strategy, url)).toBe('online');
  });

  it('CacheOnly answers from the release', async () => {
    network[url] = () => new Response('stored');
    await run(new CacheFirst({plugins: plugins()}), url);

    expect(await text(new CacheOnly({plugins: plugins()}), url)).toBe('stored');
    expect(fetched).toHaveLength(1);
  });
});

describe('a URL without a version', () => {
  it('is answered from the current release of its line', async () => {
    const strategy = new CacheFirst({plugins: plugins()});
    network[latest] = () => new Response('six');
    await switchTo('v0.6.0');
    await run(strategy, latest);

    expect(await keysOf('mailwoman-assets-en-us-v0.6.0')).toEqual([latest]);
    network[latest] = () => new Response('seven');
    expect(await text(strategy, latest)).toBe('six');
    await switchTo('v0.7.0');
    expect(await text(strategy, latest)).toBe('seven');
    expect(await caches.keys()).toEqual(['mailwoman-assets-en-us-v0.7.0']);
  });

  it('goes to the network, and is not stored, while no release is current', async () => {
    const strategy = new CacheFirst({plugins: plugins()});
    network[latest] = () => new Response('whichever');

    expect(await text(strategy, latest)).toBe('whichever');
    expect(await text(strategy, latest)).toBe('whichever');
    expect(fetched).toHaveLength(2);
    expect(await caches.keys()).toEqual([]);
  });
});

describe('a switch in the middle of a download', () => {
  it.each([
    ['CacheFirst', CacheFirst],
    ['NetworkFirst', NetworkFirst],
    ['StaleWhileRevalidate', StaleWhileRevalidate],
  ])('that has no answer yet puts nothing of the old release into the new one (%s)', async (_name, Kind) => {
    await switchTo('v0.6.0');
    let answer: (response: Response) => void = () => undefined;
    const answered = new Promise<Response>((resolve) => {
      answer = resolve;
    });
    vi.stubGlobal('fetch', () => {
      fetched.push(latest);
      return answered;
    });
    const event = new ExtendableEvent('fetch');
    const request = new Request(latest);
    const [response, done] = new Kind({plugins: plugins()}).handleAll({event, request});
    await vi.waitFor(() => expect(fetched).toHaveLength(1));
    await switchTo('v0.7.0');
    answer(new Response('six'));

    expect(await (await response).text()).toBe('six');
    await done;
    expect(await caches.keys()).toEqual([]);
  });

  it.each([
    ['CacheFirst', CacheFirst],
    ['NetworkFirst', NetworkFirst],
  ])('puts nothing of the old release into the new one (%s)', async (_name, Kind) => {
    await switchTo('v0.6.0');
    let finish: () => void = () => undefined;
    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode('six'));
        finish = () => controller.close();
      },
    });
    network[latest] = () => new Response(body);
    const event = new ExtendableEvent('fetch');
    const [response, done] = new Kind({plugins: plugins()}).handleAll({
      event,
      request: new Request(latest),
    });
    await response;
    await switchTo('v0.7.0');
    finish();
    await done;

    expect(await (await response).text()).toBe('six');
    expect(await keysOf('mailwoman-assets-en-us-v0.7.0')).toEqual([]);
    expect(await caches.has('mailwoman-assets-en-us-v0.6.0')).toBe(false);
    await vi.waitFor(() =>
      expect(events).toContainEqual({
        type: 'ASSET_NOT_STORED',
        payload: {key: latest, cacheName: 'mailwoman-assets-en-us-v0.6.0', reason: 'release-evicted'},
      }),
    );
  });
});

describe('what is stored', () => {
  it('is found again by a request with another Accept, although the answer varies by it', async () => {
    const strategy = new CacheFirst({plugins: plugins()});
    network[model('v0.6.0')] = () => new Response('six', {headers: {vary: 'Origin, Accept'}});
    await run(strategy, model('v0.6.0'), {headers: {accept: 'application/octet-stream'}});

    expect(await text(strategy, model('v0.6.0'), {headers: {accept: 'text/html'}})).toBe('six');
    expect(fetched).toHaveLength(1);
  });

  it('is stored even if the answer varies by everything', async () => {
    network[model('v0.6.0')] = () => new Response('six', {headers: {vary: '*'}});
    await run(new CacheFirst({plugins: plugins()}), model('v0.6.0'));

    expect(await keysOf('mailwoman-assets-en-us-v0.6.0')).toHaveLength(1);
  });

  it('keeps status, type and the other headers', async () => {
    const headers = {'content-type': 'application/wasm', etag: '"abc"', 'x-repo-commit': 'fbd996df'};
    network[model('v0.6.0')] = () => new Response('six', {headers});
    const strategy = new CacheFirst({plugins: plugins()});
    await run(strategy, model('v0.6.0'));
    const hit = await run(strategy, model('v0.6.0'));

    expect(hit.status).toBe(200);
    expect(Object.fromEntries(hit.headers)).toMatchObject(headers);
  });

  it('holds no credentials of the request', async () => {
    network[model('v0.6.0')] = () => new Response('six');
    const headers = {authorization: 'Bearer hf_secret'};
    await run(new CacheFirst({plugins: plugins()}), model('v0.6.0'), {headers});

    const [key] = await (await caches.open('mailwoman-assets-en-us-v0.6.0')).keys();
    expect([...(key?.headers ?? [])]).toEqual([]);
  });
});

describe('a range', () => {
  const part = (range: string, more: Record<string, string> = {}) => ({headers: {range, ...more}});

  it.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=3-5', '345', 'bytes 3-5/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
  ])('%s is answered from what is stored', async (range, body, contentRange) => {
    const strategy = new CacheFirst({plugins: plugins()});
    network[model('v0.6.0')] = () => new Response('0123456789');
    await run(strategy, model('v0.6.0'));
    const response = await run(strategy, model('v0.6.0'), part(range));

    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(await response.text()).toBe(body);
    expect(fetched).toHaveLength(1);
  });

  it.each([
    ['several ranges', part('bytes=0-1,4-5')],
    ['a range with a condition', part('bytes=0-1', {'if-range': '"abc"'})],
  ])('gets the whole for %s, as a server may answer', async (_what, init) => {
    const strategy = new CacheFirst({plugins: plugins()});
    network[model('v0.6.0')] = () => new Response('0123456789');
    await run(strategy, model('v0.6.0'));
    const response = await run(strategy, model('v0.6.0'), init);

    expect(response.status).toBe(200);
    expect(await response.text()).toBe('0123456789');
  });

  it('of a file that is not stored goes to the network and does not become the file', async () => {
    network[model('v0.6.0')] = () =>
      new Response('0', {status: 206, headers: {'content-range': 'bytes 0-0/10'}});
    const response = await run(new CacheFirst({plugins: plugins()}), model('v0.6.0'), part('bytes=0-0'));

    expect(response.status).toBe(206);
    expect(await caches.keys()).toEqual([]);
  });
});

describe('a put that fails', () => {
  const failing = () =>
    new Response(
      new ReadableStream({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode('half'));
          controller.error(new TypeError('network error'));
        },
      }),
    );

  it('leaves neither an entry nor an empty cache, and is told as an event', async () => {
    network[model('v0.6.0')] = failing;
    const event = new ExtendableEvent('fetch');
    const request = new Request(model('v0.6.0'));
    const [response, done] = new CacheFirst({plugins: plugins()}).handleAll({event, request});
    expect((await response).status).toBe(200);
    await done;

    expect(await caches.keys()).toEqual([]);
    await vi.waitFor(() =>
      expect(events).toEqual([
        {
          type: 'ASSET_NOT_STORED',
          payload: {key: request.url, cacheName: 'mailwoman-assets-en-us-v0.6.0', reason: 'body-incomplete'},
        },
      ]),
    );
  });

  it('leaves the older entry in place', async () => {
    const strategy = new StaleWhileRevalidate({plugins: plugins()});
    network[model('v0.6.0')] = () => new Response('whole');
    await run(strategy, model('v0.6.0'));
    network[model('v0.6.0')] = failing;

    expect(await text(strategy, model('v0.6.0'))).toBe('whole');
    expect(await text(strategy, model('v0.6.0'))).toBe('whole');
  });

  it('is a miss, not a failure, when storage cannot be read', async () => {
    network[model('v0.6.0')] = () => new Response('six');
    const strategy = new CacheFirst({plugins: plugins()});
    await run(strategy, model('v0.6.0'));
    vi.spyOn(CacheStorage.prototype, 'match').mockRejectedValue(new DOMException('broken', 'UnknownError'));

    expect(await text(strategy, model('v0.6.0'))).toBe('six');
    vi.restoreAllMocks();
  });
});

describe('a strategy that reads one download for many', () => {
  const CACHE_NAME = Symbol.for('holdfast.cache-name');

  afterEach(() => setTurnedOff(false));

  /** The cache that the event names when the strategy has looked up its key, if it says anything. */
  const toldFor = async (url: string): Promise<unknown> => {
    const event = new ExtendableEvent('fetch');
    network[url] = () => new Response('whatever');
    const [, done] = new CacheFirst({plugins: plugins()}).handleAll({event, request: new Request(url)});
    await done;
    return CACHE_NAME in event ? {cacheName: event[CACHE_NAME]} : 'nothing';
  };

  it('is told in which cache an asset belongs', async () => {
    expect(await toldFor(model('v0.6.0'))).toEqual({cacheName: 'mailwoman-assets-en-us-v0.6.0'});
  });

  it('is told of the current release for a URL without a version', async () => {
    await switchTo('v0.7.0');
    expect(await toldFor(latest)).toEqual({cacheName: 'mailwoman-assets-en-us-v0.7.0'});
  });

  it('is told that it may not store a URL of a line that has no current release', async () => {
    expect(await toldFor(latest)).toEqual({cacheName: undefined});
  });

  it('is told that it may not store anything when everything was turned off', async () => {
    setTurnedOff(true);
    expect(await toldFor(model('v0.6.0'))).toEqual({cacheName: undefined});
  });

  it('is told nothing of a URL out of scope', async () => {
    expect(await toldFor('https://example.org/logo.svg')).toBe('nothing');
  });

  it('is told when the key is looked up, before there is an answer', async () => {
    const event = new ExtendableEvent('fetch');
    const told: unknown[] = [];
    network[model('v0.6.0')] = () => {
      told.push(Object(event)[Symbol.for('holdfast.cache-name')]);
      return new Response('six');
    };
    const request = new Request(model('v0.6.0'));
    await new CacheFirst({plugins: plugins()}).handleAll({event, request})[1];
    expect(told).toEqual(['mailwoman-assets-en-us-v0.6.0']);
  });
});

describe('a file that its strategy keeps by itself', () => {
  const none = releaseKeeper();

  afterEach(() => setReleaseKeeper(none));

  /** Has plugins look through what it keeps. */
  class Keeping extends Strategy {
    override async _handle(request: Request, handler: StrategyHandler): Promise<Response> {
      await handler.cacheMatch(request);
      const response = await handler.fetch(request);
      Object.assign(handler.event, {[Symbol.for('holdfast.kept-elsewhere')]: response.body});
      await handler.cachePut(request, response);
      return response;
    }
  }

  /** @returns what the event tells about it, and its body as it is kept. */
  const lookedThrough = async (url: string, before: WorkboxPlugin[] = [], clientId = '') => {
    const event = Object.assign(new ExtendableEvent('fetch'), {clientId});
    const strategy = new Keeping({plugins: [...before, ...plugins()]});
    const [response, done] = strategy.handleAll({event, request: new Request(url)});
    const kept = await response;
    await done;
    return {told: Object(event)[Symbol.for('holdfast.stored')], kept};
  };

  /** Puts a body in the place of the kept one that does this at its end. */
  const checkedWith = (atEnd: (response: Response) => void) => {
    const seen: string[] = [];
    const checked = (response: Response): Response => {
      const decoder = new TextDecoder();
      const body = response.body?.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform: (chunk, sender) => {
            seen.push(decoder.decode(chunk));
            sender.enqueue(chunk);
          },
          flush: () => {
            seen.push('end');
            atEnd(another);
          },
        }),
      );
      const another = new Response(body);
      return another;
    };
    return {checked, seen};
  };

  const byPlugin = (checked: (response: Response) => Response): WorkboxPlugin[] => [
    {cacheWillUpdate: async ({response}) => checked(response)},
  ];

  const byKeeper = (some: Partial<ReleaseKeeper>): void => setReleaseKeeper({...none, ...some});

  beforeEach(() => {
    network[model('v0.6.0')] = () => new Response('six');
  });

  it('is right, and not read, where its body is still the kept one', async () => {
    const {told, kept} = await lookedThrough(model('v0.6.0'));
    expect(told).toBe(true);
    expect(kept.bodyUsed).toBe(false);
    expect(await kept.text()).toBe('six');
  });

  it('is not stored, and nobody is told that it was', async () => {
    const post = vi.spyOn(BroadcastChannel.prototype, 'postMessage');
    await lookedThrough(model('v0.6.0'));
    await lookedThrough(model('v0.6.0'), byPlugin(checkedWith(() => undefined).checked));
    expect(await caches.keys()).toEqual([]);
    expect(post).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('is read to its end where a plugin checks it, and right if nothing happens there', async () => {
    const {checked, seen} = checkedWith(() => undefined);
    expect((await lookedThrough(model('v0.6.0'), byPlugin(checked))).told).toBe(true);
    expect(seen).toEqual(['six', 'end']);
  });

  it('is read to its end where the release knows what it has to be, and right if nothing happens there', async () => {
    const {checked, seen} = checkedWith(() => undefined);
    byKeeper({checked: async (_pin, response) => checked(response)});
    expect((await lookedThrough(model('v0.6.0'))).told).toBe(true);
    expect(seen).toEqual(['six', 'end']);
    expect(await caches.keys()).toEqual([]);
  });

  it('is refused where its release is evicted on the way', async () => {
    network[model('v0.6.0')] = () => {
      noteEviction({line: LINE, kept: ['v0.7.0']});
      return new Response('six');
    };
    expect((await lookedThrough(model('v0.6.0'))).told).toBe('release-evicted');
  });

  it('is refused where its release is evicted while it is read', async () => {
    const {checked} = checkedWith(() => noteEviction({line: LINE, kept: ['v0.7.0']}));
    expect((await lookedThrough(model('v0.6.0'), byPlugin(checked))).told).toBe('release-evicted');
    await vi.waitFor(() =>
      expect(events).toContainEqual({
        type: 'ASSET_NOT_STORED',
        payload: {
          key: model('v0.6.0'),
          cacheName: 'mailwoman-assets-en-us-v0.6.0',
          reason: 'release-evicted',
        },
      }),
    );
  });

  it.each([
    [
      'integrity-failed',
      (response: Response) => {
        Object.assign(response, {[Symbol.for('holdfast.integrity-failed')]: true});
        throw new TypeError('These are not the bytes.');
      },
    ],
    [
      'body-incomplete',
      () => {
        throw new TypeError('network error');
      },
    ],
  ])('is %s where it breaks off so, whoever checks it', async (reason, atEnd) => {
    const plugin = byPlugin(checkedWith(atEnd).checked);
    expect((await lookedThrough(model('v0.6.0'), plugin)).told).toBe(reason);
    byKeeper({checked: async (_pin, response) => checkedWith(atEnd).checked(response)});
    expect((await lookedThrough(model('v0.6.0'))).told).toBe(reason);
    expect(await caches.keys()).toEqual([]);
  });

  it('is refused, unread, where the release has it as a file', async () => {
    const {checked, seen} = checkedWith(() => undefined);
    byKeeper({checked: async () => 'kept-as-file'});
    expect((await lookedThrough(model('v0.6.0'), byPlugin(checked))).told).toBe('kept-as-file');
    expect(seen).not.toContain('end');
  });

  it('is refused, unread, where its URL has no version and the page’s release is not current', async () => {
    network[latest] = () => new Response('of which release?');
    vi.stubGlobal('clients', {matchAll: async () => [{id: 'page'}]});
    await switchVersion([scope], LINE, 'v0.6.0', {keep: 1, evictNow: false});
    await lookedThrough(latest, [], 'page');
    await switchVersion([scope], LINE, 'v0.7.0', {keep: 1, evictNow: false});
    const {checked, seen} = checkedWith(() => undefined);
    expect((await lookedThrough(latest, byPlugin(checked), 'page')).told).toBe('not-current');
    expect(seen).not.toContain('end');
  });
});

describe('a strategy of another kind', () => {
  it('that fetches two files for one request stores neither under the other’s key', async () => {
    const sibling = `${BASE}/en-us/v0.6.0/wof-hot.db`;
    class Both extends Strategy {
      override async _handle(request: Request, handler: StrategyHandler): Promise<Response> {
        const hit = await handler.cacheMatch(request);
        if (hit) {
          return hit;
        }
        void handler.waitUntil(handler.fetchAndCachePut(sibling));
        return handler.fetchAndCachePut(request);
      }
    }
    network[model('v0.6.0')] = () => new Response('model');
    network[sibling] = () => new Response('sibling');
    const strategy = new Both({plugins: plugins()});

    expect(await text(strategy, model('v0.6.0'))).toBe('model');
    expect(await text(strategy, model('v0.6.0'))).toBe('model');
    expect(await text(new CacheFirst({plugins: plugins()}), sibling)).toBe('sibling');
  });

  it('that looks a second time finds what another request has stored meanwhile', async () => {
    const strategy = new NetworkFirst({plugins: plugins(), networkTimeoutSeconds: 0.01});
    let fail: () => void = () => undefined;
    const lateFailure = new Promise<Response>((_resolve, reject) => {
      fail = () => reject(new TypeError('Failed to fetch'));
    });
    let lookups = 0;
    const match = CacheStorage.prototype.match;
    vi.spyOn(CacheStorage.prototype, 'match').mockImplementation(function (this: CacheStorage, key, options) {
      lookups += 1;
      return match.call(this, key, options);
    });
    network[model('v0.6.0')] = () => lateFailure as unknown as Response;
    const answer = text(strategy, model('v0.6.0'));
    // Workbox's look-up and ours, when the time is over.
    await vi.waitFor(() => expect(lookups).toBeGreaterThanOrEqual(2));
    await (await caches.open('mailwoman-assets-en-us-v0.6.0')).put(model('v0.6.0'), new Response('there'));
    fail();

    expect(await answer).toBe('there');
    vi.restoreAllMocks();
  });
});

describe('plugins that work by cache name', () => {
  it('ExpirationPlugin sees the release’s cache', async () => {
    const strategy = new CacheFirst({plugins: plugins({plugins: [new ExpirationPlugin({maxEntries: 1})]})});
    const other = `${BASE}/en-us/v0.6.0/tokenizer.model`;
    network[model('v0.6.0')] = () => new Response('six');
    network[other] = () => new Response('tokenizer');
    await run(strategy, model('v0.6.0'));
    await run(strategy, other);

    await vi.waitFor(async () => expect(await keysOf('mailwoman-assets-en-us-v0.6.0')).toEqual([other]));
  });

  it('ExpirationPlugin works on the strategy’s cache as well, for what belongs to no release', async () => {
    const strategy = new CacheFirst({
      cacheName: 'docs',
      plugins: plugins({plugins: [new ExpirationPlugin({maxEntries: 1})]}),
    });
    const [first, second] = ['https://docs.test/first.html', 'https://docs.test/second.html'];
    network[first] = network[second] = () => new Response('a page');
    await run(strategy, first);
    await run(strategy, second);

    await vi.waitFor(async () => expect(await keysOf('docs')).toEqual([second]));
  });

  it('ExpirationPlugin, which refuses the cache that all strategies share, does no harm there', async () => {
    const strategy = new CacheFirst({plugins: plugins({plugins: [new ExpirationPlugin({maxEntries: 1})]})});
    const url = 'https://docs.test/first.html';
    network[url] = () => new Response('a page');
    await run(strategy, url);

    expect(await (await run(strategy, url)).text()).toBe('a page');
  });

  it('BroadcastUpdatePlugin is shown the old and the new answer', async () => {
    const updates: unknown[] = [];
    const observer = new BroadcastUpdatePlugin();
    // It posts to the clients of a worker, which a page is not; what it is shown is what counts here.
    observer.cacheDidUpdate = async ({cacheName, oldResponse, newResponse}) => {
      updates.push([cacheName, oldResponse?.headers.get('etag'), newResponse.headers.get('etag')]);
    };
    const strategy = new StaleWhileRevalidate({plugins: plugins({plugins: [observer]})});
    network[model('v0.6.0')] = () => new Response('old', {headers: {etag: '"old"'}});
    await run(strategy, model('v0.6.0'));
    network[model('v0.6.0')] = () => new Response('new', {headers: {etag: '"new"'}});
    await run(strategy, model('v0.6.0'));

    expect(updates).toEqual([
      ['mailwoman-assets-en-us-v0.6.0', undefined, '"old"'],
      ['mailwoman-assets-en-us-v0.6.0', '"old"', '"new"'],
    ]);
  });
});

it('keeps the current versions in storage, not only in memory', async () => {
  await switchTo('v0.6.0');
  vi.resetModules();
  const afterRestart: typeof import('./currentVersions.ts') = await import(
    './currentVersions.ts?restarted' as never
  );

  expect(await afterRestart.currentVersions()).toEqual(new Map([[LINE, 'v0.6.0']]));
  expect(await currentVersions()).toEqual(new Map([[LINE, 'v0.6.0']]));
});
