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
import {EVENT_CHANNEL, type IntegrityFailure, type WorkerEvent} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import type {VersionScopePluginOptions} from './options.ts';
import {type Checked, Releases, type StagedReleases} from './Releases.ts';
import {readRecords} from './records.ts';
import {cacheNameOf} from './releaseOf.ts';
import {type SwitchOptions, switchVersion} from './switchVersion.ts';
import {clearStorage} from './testing/clearStorage.ts';
import {nothingStaged} from './testing/nothingStaged.ts';
import {recordCaches} from './testing/recordCaches.ts';
import {VersionScopePlugin} from './VersionScopePlugin.ts';

const BASE = 'https://huggingface.co/buckets/mailwoman/assets/resolve';
/** The id of the line: its prefix has a dash. */
const LINE = 'mailwoman%2Dassets-en-us';
const scope = {
  prefix: 'mailwoman-assets',
  pattern: /\/resolve\/(?<locale>[^/]+)\/(?:(?<version>v[^/]+)\/)?/,
};

let worker: WorkerState;
let releases: Releases;
/** What the network answers, by URL. */
let network: Record<string, () => Response>;
let fetched: string[];
let events: WorkerEvent[];
let channel: BroadcastChannel;

/** A worker that starts now, over the same storage. */
const startWorker = (): WorkerState => new WorkerState(() => [new VersionScopePlugin(scope)]);

beforeEach(() => {
  worker = startWorker();
  releases = worker.part(Releases);
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
  await clearStorage();
});

const plugins = (options: Partial<VersionScopePluginOptions> = {}): WorkboxPlugin[] => [
  new VersionScopePlugin({...scope, ...options}, worker),
];

/** Sends a request through a strategy. Resolves when all that belongs to it is done. */
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

/** Switches, and keeps none of the line's other releases unless told otherwise. */
const switchTo = (version: string, options: Partial<SwitchOptions> = {}) =>
  switchVersion(releases, LINE, version, {
    client: '',
    keep: 0,
    evictNow: false,
    allowEmpty: true,
    ...options,
  });

const model = (version: string) => `${BASE}/en-us/${version}/model.onnx`;
const latest = `${BASE}/en-us/model.onnx`;

/** Puts a file into the cache of a release. */
const fill = async (version: string): Promise<void> => {
  await recordCaches(LINE, version);
  await (await caches.open(cacheNameOf(LINE, version))).put(model(version), new Response(version));
};

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

  it('is not mixed with the strategy’s own cache', async () => {
    await (await caches.open('own')).put(model('v0.6.0'), new Response('not of this release'));
    network[model('v0.6.0')] = () => new Response('six');
    const strategy = new CacheFirst({cacheName: 'own', plugins: plugins()});

    expect(await text(strategy, model('v0.6.0'))).toBe('six');
  });

  it('leaves a URL out of scope to the strategy’s own cache', async () => {
    const url = 'https://example.org/logo.svg';
    network[url] = () => new Response('logo');
    const strategy = new CacheFirst({cacheName: 'own', plugins: plugins()});
    await run(strategy, url);

    expect(await keysOf('own')).toEqual([url]);
    expect(await text(strategy, url)).toBe('logo');
    expect(fetched).toHaveLength(1);
  });

  it.each([404, 500])('does not store an answer with status %i', async (status) => {
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

  it('StaleWhileRevalidate answers from the release and updates it there', async () => {
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
    await fill('v0.7.0');
    await switchTo('v0.7.0');
    expect(await text(strategy, latest)).toBe('seven');
    expect(await caches.keys()).toEqual(['mailwoman-assets-en-us-v0.7.0']);
  });

  it('goes to the network while no release is current, and is not stored', async () => {
    const strategy = new CacheFirst({plugins: plugins()});
    network[latest] = () => new Response('whichever');

    expect(await text(strategy, latest)).toBe('whichever');
    expect(await text(strategy, latest)).toBe('whichever');
    expect(fetched).toHaveLength(2);
    expect(await caches.keys()).toEqual([]);
  });
});

describe('a switch during a request', () => {
  it.each([
    ['CacheFirst', CacheFirst],
    ['NetworkFirst', NetworkFirst],
    ['StaleWhileRevalidate', StaleWhileRevalidate],
  ])('that has no answer yet stores nothing of the old release in the new one (%s)', async (_name, Kind) => {
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
    await fill('v0.7.0');
    await switchTo('v0.7.0');
    answer(new Response('six'));

    expect(await (await response).text()).toBe('six');
    await done;
    expect(await caches.keys()).toEqual(['mailwoman-assets-en-us-v0.7.0']);
    expect(await keysOf('mailwoman-assets-en-us-v0.7.0')).toEqual([model('v0.7.0')]);
  });

  it.each([
    ['CacheFirst', CacheFirst],
    ['NetworkFirst', NetworkFirst],
  ])('whose body is arriving stores nothing of the old release in the new one (%s)', async (_name, Kind) => {
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
    await fill('v0.7.0');
    await switchTo('v0.7.0');
    finish();
    await done;

    expect(await (await response).text()).toBe('six');
    expect(await keysOf('mailwoman-assets-en-us-v0.7.0')).toEqual([model('v0.7.0')]);
    expect(await caches.has('mailwoman-assets-en-us-v0.6.0')).toBe(false);
    await vi.waitFor(() =>
      expect(events).toContainEqual({
        type: 'ASSET_NOT_STORED',
        payload: {key: latest, cacheName: 'mailwoman-assets-en-us-v0.6.0', reason: 'release-evicted'},
      }),
    );
  });
});

describe('a stored response', () => {
  it('answers a request with another Accept, although it varies by Accept', async () => {
    const strategy = new CacheFirst({plugins: plugins()});
    network[model('v0.6.0')] = () => new Response('six', {headers: {vary: 'Origin, Accept'}});
    await run(strategy, model('v0.6.0'), {headers: {accept: 'application/octet-stream'}});

    expect(await text(strategy, model('v0.6.0'), {headers: {accept: 'text/html'}})).toBe('six');
    expect(fetched).toHaveLength(1);
  });

  it('may vary by everything', async () => {
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

  it('keeps no credentials of the request', async () => {
    network[model('v0.6.0')] = () => new Response('six');
    const headers = {authorization: 'Bearer hf_secret'};
    await run(new CacheFirst({plugins: plugins()}), model('v0.6.0'), {headers});

    const [key] = await (await caches.open('mailwoman-assets-en-us-v0.6.0')).keys();
    expect([...(key?.headers ?? [])]).toEqual([]);
  });
});

describe('a request for a range', () => {
  const part = (range: string, more: Record<string, string> = {}) => ({headers: {range, ...more}});

  it.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=3-5', '345', 'bytes 3-5/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
  ])('is answered from the stored file: %s', async (range, body, contentRange) => {
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
  ])('is answered with the complete file for %s', async (_what, init) => {
    const strategy = new CacheFirst({plugins: plugins()});
    network[model('v0.6.0')] = () => new Response('0123456789');
    await run(strategy, model('v0.6.0'));
    const response = await run(strategy, model('v0.6.0'), init);

    expect(response.status).toBe(200);
    expect(await response.text()).toBe('0123456789');
  });

  it('goes to the network for a file that is not stored, and its answer is not stored', async () => {
    network[model('v0.6.0')] = () =>
      new Response('0', {status: 206, headers: {'content-range': 'bytes 0-0/10'}});
    const response = await run(new CacheFirst({plugins: plugins()}), model('v0.6.0'), part('bytes=0-0'));

    expect(response.status).toBe(206);
    expect(await caches.keys()).toEqual([]);
  });
});

describe('a put that fails', () => {
  const broken = () =>
    new Response(
      new ReadableStream({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode('half'));
          controller.error(new TypeError('network error'));
        },
      }),
    );

  it('leaves neither an entry nor an empty cache, and is reported', async () => {
    network[model('v0.6.0')] = broken;
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

  it('leaves the older entry as it is', async () => {
    const strategy = new StaleWhileRevalidate({plugins: plugins()});
    network[model('v0.6.0')] = () => new Response('complete');
    await run(strategy, model('v0.6.0'));
    network[model('v0.6.0')] = broken;

    expect(await text(strategy, model('v0.6.0'))).toBe('complete');
    expect(await text(strategy, model('v0.6.0'))).toBe('complete');
  });
});

it('goes to the network when storage cannot be read', async () => {
  network[model('v0.6.0')] = () => new Response('six');
  const strategy = new CacheFirst({plugins: plugins()});
  await run(strategy, model('v0.6.0'));
  vi.spyOn(CacheStorage.prototype, 'match').mockRejectedValue(new DOMException('broken', 'UnknownError'));

  expect(await text(strategy, model('v0.6.0'))).toBe('six');
  vi.restoreAllMocks();
});

describe('a strategy that reads one download for many', () => {
  /** The cache that an asset belongs in, as its strategy knows it after a request; 'the strategy’s own' for none. */
  const homeOf = async (url: string): Promise<string | undefined> => {
    const event = new ExtendableEvent('fetch');
    network[url] = () => new Response('whatever');
    const [, done] = new CacheFirst({plugins: plugins()}).handleAll({event, request: new Request(url)});
    await done;
    const {home} = worker.contextOf(event);
    return home ? home() : 'the strategy’s own';
  };

  it('learns in which cache an asset belongs', async () => {
    expect(await homeOf(model('v0.6.0'))).toBe('mailwoman-assets-en-us-v0.6.0');
  });

  it('learns the cache of the current release for a URL without a version', async () => {
    await switchTo('v0.7.0');
    expect(await homeOf(latest)).toBe('mailwoman-assets-en-us-v0.7.0');
  });

  it('learns that a URL of a line without a current release must not be stored', async () => {
    expect(await homeOf(latest)).toBeUndefined();
  });

  it('learns that nothing must be stored when everything was turned off', async () => {
    releases.isTurnedOff = true;
    expect(await homeOf(model('v0.6.0'))).toBeUndefined();
  });

  it('learns that nothing must be stored any more in a release that was evicted since', async () => {
    const event = new ExtendableEvent('fetch');
    network[model('v0.6.0')] = () => new Response('six');
    const request = new Request(model('v0.6.0'));
    await new CacheFirst({plugins: plugins()}).handleAll({event, request})[1];
    const {home} = worker.contextOf(event);
    expect(home?.()).toBe('mailwoman-assets-en-us-v0.6.0');
    releases.evictions.note({line: LINE, kept: ['v0.7.0']});
    expect(home?.()).toBeUndefined();
  });

  it('keeps its own cache for a URL out of scope', async () => {
    expect(await homeOf('https://example.org/logo.svg')).toBe('the strategy’s own');
  });

  it('learns the cache when the key is looked up, before there is an answer', async () => {
    const event = new ExtendableEvent('fetch');
    const homes: unknown[] = [];
    network[model('v0.6.0')] = () => {
      homes.push(worker.contextOf(event).home?.());
      return new Response('six');
    };
    const request = new Request(model('v0.6.0'));
    await new CacheFirst({plugins: plugins()}).handleAll({event, request})[1];
    expect(homes).toEqual(['mailwoman-assets-en-us-v0.6.0']);
  });
});

describe('a file that stays in pieces', () => {
  const failure: IntegrityFailure = {reason: 'wrong-digest', expected: {}, got: {}};

  /** Has plugins check the body that it keeps by itself. */
  class Keeping extends Strategy {
    override async _handle(request: Request, handler: StrategyHandler): Promise<Response> {
      await handler.cacheMatch(request);
      const response = await handler.fetch(request);
      worker.contextOf(handler.event).keptInPieces = response.body;
      await handler.cachePut(request, response);
      return response;
    }
  }

  /** Returns the outcome that the plugin noted, and the response that is kept. */
  const readThrough = async (
    url: string,
    checkedBy: (context: ReturnType<WorkerState['contextOf']>) => WorkboxPlugin[] = () => [],
    clientId = '',
  ) => {
    const event = Object.assign(new ExtendableEvent('fetch'), {clientId});
    const context = worker.contextOf(event);
    const strategy = new Keeping({plugins: [...checkedBy(context), ...plugins()]});
    const [response, done] = strategy.handleAll({event, request: new Request(url)});
    const kept = await response;
    await done;
    return {outcome: context.outcome, kept};
  };

  /** Replaces a body by one that calls a function at its end. */
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

  const byPlugin = (checked: (response: Response) => Response) => (): WorkboxPlugin[] => [
    {cacheWillUpdate: async ({response}) => checked(response)},
  ];

  const byManifest = (checked: StagedReleases['checked']): void => {
    releases.staged = {...nothingStaged, checked};
  };

  const rightAsItIs = (response: Response): Checked => ({response, failure: () => undefined});

  beforeEach(() => {
    network[model('v0.6.0')] = () => new Response('six');
  });

  it('counts as stored, unread, where its body is still the kept one', async () => {
    const {outcome, kept} = await readThrough(model('v0.6.0'));
    expect(outcome).toBe('stored');
    expect(kept.bodyUsed).toBe(false);
    expect(await kept.text()).toBe('six');
  });

  it('gets no entry, and is not reported as stored', async () => {
    const post = vi.spyOn(BroadcastChannel.prototype, 'postMessage');
    await readThrough(model('v0.6.0'));
    await readThrough(model('v0.6.0'), byPlugin(checkedWith(() => undefined).checked));
    expect(await caches.keys()).toEqual([]);
    expect(post).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('has its release recorded, whose cache its pieces belong to', async () => {
    await readThrough(model('v0.6.0'));
    expect(await readRecords('cache')).toEqual([{line: LINE, version: 'v0.6.0'}]);
  });

  it('is read to its end where a plugin checks it', async () => {
    const {checked, seen} = checkedWith(() => undefined);
    expect((await readThrough(model('v0.6.0'), byPlugin(checked))).outcome).toBe('stored');
    expect(seen).toEqual(['six', 'end']);
  });

  it('is read to its end where the release’s manifest lists it', async () => {
    const {checked, seen} = checkedWith(() => undefined);
    byManifest(async (_pin, response) => rightAsItIs(checked(response)));
    expect((await readThrough(model('v0.6.0'))).outcome).toBe('stored');
    expect(seen).toEqual(['six', 'end']);
    expect(await caches.keys()).toEqual([]);
  });

  it('is refused where its release is evicted during the request', async () => {
    network[model('v0.6.0')] = () => {
      releases.evictions.note({line: LINE, kept: ['v0.7.0']});
      return new Response('six');
    };
    expect((await readThrough(model('v0.6.0'))).outcome).toBe('release-evicted');
  });

  it('is refused where its release is evicted while it is read', async () => {
    const {checked} = checkedWith(() => releases.evictions.note({line: LINE, kept: ['v0.7.0']}));
    expect((await readThrough(model('v0.6.0'), byPlugin(checked))).outcome).toBe('release-evicted');
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
    ['as a broken connection does', new TypeError('network error')],
    ['as an aborted request does', new DOMException('The user aborted a request.', 'AbortError')],
    ['with another error', new Error('These are not the bytes.')],
  ])('is integrity-failed where a check fails its body, %s', async (_how, error) => {
    const byIntegrity = (context: ReturnType<WorkerState['contextOf']>) =>
      byPlugin(
        checkedWith((response) => {
          context.integrityFailures.set(response, failure);
          throw error;
        }).checked,
      )();
    expect((await readThrough(model('v0.6.0'), byIntegrity)).outcome).toBe('integrity-failed');

    byManifest(async (_pin, response) => {
      let found: IntegrityFailure | undefined;
      const {checked} = checkedWith(() => {
        found = failure;
        throw error;
      });
      return {response: checked(response), failure: () => found};
    });
    expect((await readThrough(model('v0.6.0'))).outcome).toBe('integrity-failed');
    expect(await caches.keys()).toEqual([]);
  });

  it('is body-incomplete where its body breaks off, whatever checks it', async () => {
    const {checked} = checkedWith(() => {
      throw new TypeError('network error');
    });
    expect((await readThrough(model('v0.6.0'), byPlugin(checked))).outcome).toBe('body-incomplete');
    byManifest(async (_pin, response) => rightAsItIs(checked(response)));
    expect((await readThrough(model('v0.6.0'))).outcome).toBe('body-incomplete');
    expect(await caches.keys()).toEqual([]);
  });

  it('is refused, unread, where the release keeps it in the origin private file system', async () => {
    const {checked, seen} = checkedWith(() => undefined);
    byManifest(async () => 'kept-as-file');
    expect((await readThrough(model('v0.6.0'), byPlugin(checked))).outcome).toBe('kept-as-file');
    expect(seen).not.toContain('end');
  });

  it('is refused, unread, where its URL has no version and the page’s release is not current', async () => {
    network[latest] = () => new Response('of which release?');
    vi.stubGlobal('clients', {matchAll: async () => [{id: 'page'}]});
    await switchTo('v0.6.0', {keep: 1});
    await readThrough(latest, undefined, 'page');
    await switchTo('v0.7.0', {keep: 1});
    const {checked, seen} = checkedWith(() => undefined);
    expect((await readThrough(latest, byPlugin(checked), 'page')).outcome).toBe('not-current');
    expect(seen).not.toContain('end');
  });
});

describe('a strategy of another kind', () => {
  it('that fetches two files for one request stores neither under the key of the other', async () => {
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

  it('that looks a second time finds what another request stored meanwhile', async () => {
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

  it('ExpirationPlugin sees the strategy’s cache for URLs of no release', async () => {
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

  it('ExpirationPlugin does not see the cache that all strategies share, which it refuses', async () => {
    const strategy = new CacheFirst({plugins: plugins({plugins: [new ExpirationPlugin({maxEntries: 1})]})});
    const url = 'https://docs.test/first.html';
    network[url] = () => new Response('a page');
    await run(strategy, url);

    expect(await (await run(strategy, url)).text()).toBe('a page');
  });

  it('BroadcastUpdatePlugin sees the old and the new answer', async () => {
    const updates: unknown[] = [];
    const observer = new BroadcastUpdatePlugin();
    // It posts to the clients of a worker, and this is a page. What it is given is what counts here.
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
  for (const each of [startWorker(), worker]) {
    const {versions} = await each.part(Releases).currentVersions.get();
    expect(versions).toEqual(new Map([[LINE, 'v0.6.0']]));
  }
});

describe('an opaque response', () => {
  /** Puts an opaque response in the place of the network's, and allows it if asked to. */
  const guard = (isAllowed: boolean): WorkboxPlugin => ({
    cacheWillUpdate: async ({event}) => {
      const opaque = Object.defineProperty(new Response('hidden'), 'type', {value: 'opaque'});
      if (isAllowed) {
        worker.contextOf(event).allowedOpaque.add(opaque);
      }
      return opaque;
    },
  });

  it.each([
    ['is stored where a guard allowed it', true, ['mailwoman-assets-en-us-v0.6.0']],
    ['is not stored where no guard allowed it', false, []],
  ])('%s', async (_what, isAllowed, names) => {
    network[model('v0.6.0')] = () => new Response('hidden');
    await run(new CacheFirst({plugins: [guard(isAllowed), ...plugins()]}), model('v0.6.0'));
    expect(await caches.keys()).toEqual(names);
  });
});
