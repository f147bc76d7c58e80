import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {CacheFirst, NetworkFirst, StaleWhileRevalidate, type Strategy} from 'workbox-strategies';
import type {WorkerEvent} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {type ExpectedAsset, IntegrityPlugin} from './index.ts';
import {toHex} from './toHex.ts';

const MODEL = 'https://example.org/v1/model.onnx';
const CODE = 'https://example.org/v1/runtime.js';

type Bytes = Uint8Array<ArrayBuffer>;

/** Larger than a browser moves in one piece. */
const bytes = crypto.getRandomValues(new Uint8Array(60_000)) as Bytes;

const digestOf = async (body: Bytes, name = 'SHA-256'): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest(name, body));

const sha256 = async (body: Bytes) => ({algorithm: 'sha256', hex: toHex(await digestOf(body))}) as const;

const sri = async (body: Bytes, name = 'SHA-384'): Promise<string> =>
  `${name.replace('-', '').toLowerCase()}-${btoa(String.fromCharCode(...(await digestOf(body, name))))}`;

const flipped = (): Bytes => bytes.map((byte, at) => (at === 30_000 ? byte ^ 1 : byte));
const truncated = (): Bytes => bytes.slice(0, -1);
const longer = (): Bytes => new Uint8Array([...bytes, 0]);

/** Makes the answer of the network, by URL. Without one, the fetch fails. */
let network: Record<string, () => Response>;
let events: (WorkerEvent | 'end')[];
let worker: WorkerState;
let unhandled: unknown[];
let channel: BroadcastChannel;
/** The one listed asset. */
let model: ExpectedAsset;

const noteRejection = (event: PromiseRejectionEvent): void => {
  unhandled.push(event.reason);
};

beforeEach(async () => {
  network = {};
  worker = new WorkerState();
  events = [];
  unhandled = [];
  model = {url: MODEL, size: bytes.byteLength, digest: await sha256(bytes)};
  channel = new BroadcastChannel('holdfast');
  channel.onmessage = ({data}) => events.push(data);
  addEventListener('unhandledrejection', noteRejection);
  vi.stubGlobal('fetch', async ({url}: Request) => {
    const answer = network[url.replace(/[?#].*/, '')];
    if (!answer) {
      throw new TypeError('Failed to fetch');
    }
    return answer();
  });
});

afterEach(async () => {
  channel.close();
  removeEventListener('unhandledrejection', noteRejection);
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  await caches.delete('assets');
  expect(unhandled).toEqual([]);
});

/** What a plugin after this one was given to store, and whether its check has failed. */
let given: Response | undefined;
let hasFailed: () => boolean;
const behind: WorkboxPlugin = {
  cacheWillUpdate: async ({response, event}) => {
    given = response;
    hasFailed = () => worker.contextOf(event).integrityFailures.has(response);
    return response;
  },
};

const plugins = (...more: WorkboxPlugin[]): WorkboxPlugin[] => [
  ...more,
  new IntegrityPlugin({assets: [model]}, worker),
  behind,
];

const strict = (...more: WorkboxPlugin[]): WorkboxPlugin[] => [
  ...more,
  new IntegrityPlugin({assets: [model], mode: 'before-serving'}, worker),
  // `VersionScopePlugin` has one. With it, Workbox throws where no plugin has an answer.
  {handlerDidError: async () => undefined},
];

const cacheFirst = (list: WorkboxPlugin[]): Strategy => new CacheFirst({cacheName: 'assets', plugins: list});

/** Starts a request. Workbox's own put rejects `done` when it fails. */
const begin = (strategy: Strategy, request: string | Request = MODEL) => {
  const [response, done] = strategy.handleAll({
    event: new ExtendableEvent('fetch'),
    request: new Request(request),
  });
  return {response, done: done.catch(() => undefined)};
};

/** Returns what the page gets: the bytes, or a word for the failure. */
const run = async (strategy: Strategy, request?: string | Request): Promise<Bytes | string> => {
  const {response, done} = begin(strategy, request);
  const read = await response.then(
    (answer) => (answer.type === 'error' ? 'network error' : answer.bytes().catch(() => 'broken')),
    () => 'rejected',
  );
  await done;
  return read;
};

const stored = async (url = MODEL): Promise<Bytes | undefined> =>
  (await (await caches.open('assets')).match(url))?.bytes();

const keys = async (): Promise<string[]> => (await (await caches.open('assets')).keys()).map(({url}) => url);

/** Returns all events so far: the test's own message comes after them. */
const reported = async (): Promise<WorkerEvent[]> => {
  const own = new BroadcastChannel('holdfast');
  own.postMessage('end');
  await vi.waitFor(() => expect(events.at(-1)).toBe('end'));
  own.close();
  return events.filter((event): event is WorkerEvent => event !== 'end');
};

const expectFailure = async (reason: string, got: object): Promise<void> => {
  const {size, digest} = model;
  const expected = {size, digests: digest && [digest]};
  const payload = {key: MODEL, reason, expected, got};
  expect(await reported()).toEqual([{type: 'INTEGRITY_FAILED', payload}]);
};

/** Makes a body that arrives as it is sent. */
const slowBody = () => {
  const senders: ReadableStreamDefaultController<Bytes>[] = [];
  const body = new ReadableStream<Bytes>({
    start: (sender) => {
      senders.push(sender);
    },
  });
  return {body, sender: senders[0] as ReadableStreamDefaultController<Bytes>};
};

/** Makes every answer opaque to other plugins. A real one would hide its body from the test, too. */
const hiding = (isAllowed: boolean): WorkboxPlugin => ({
  cacheWillUpdate: async ({response, event}) => {
    if (isAllowed) {
      worker.contextOf(event).allowedOpaque.add(response);
    }
    return opaque(response);
  },
});

const opaque = (response = new Response('hidden')): Response =>
  Object.defineProperties(response, {type: {value: 'opaque'}, status: {value: 0}, ok: {value: false}});

describe('while it is stored, an asset', () => {
  it.each([
    ['a size', () => ({})],
    ['a SHA-256', async () => ({digest: await sha256(bytes)})],
    ['an SRI string', async () => ({integrity: `${await sri(longer(), 'SHA-256')} ${await sri(bytes)}`})],
  ])('is stored when its bytes are right, by %s', async (_how, known) => {
    model = {url: MODEL, size: bytes.byteLength, ...(await known())};
    network[MODEL] = () => new Response(bytes, {headers: {'content-type': 'application/wasm', etag: '"1"'}});

    expect(await run(cacheFirst(plugins()))).toEqual(bytes);
    expect(await stored()).toEqual(bytes);
    const kept = await caches.match(MODEL);
    expect(Object.fromEntries(kept?.headers ?? [])).toMatchObject({
      'content-type': 'application/wasm',
      etag: '"1"',
    });
    expect(await run(cacheFirst(plugins()))).toEqual(bytes);
    expect(await reported()).toEqual([]);
  });

  it.each([
    [
      'one bit differs',
      flipped,
      'wrong-digest',
      async () => ({size: 60_000, digest: await sha256(flipped())}),
    ],
    ['it is cut off', truncated, 'too-short', async () => ({size: 59_999})],
    ['it is longer', longer, 'too-long', async () => ({size: 60_001})],
  ])('is not stored when %s, and the page gets it', async (_what, body, reason, got) => {
    network[MODEL] = () => new Response(body());

    expect(await run(cacheFirst(plugins()))).toEqual(body());
    expect(await keys()).toEqual([]);
    expect(hasFailed()).toBe(true);
    await expectFailure(reason, await got());
  });

  it('keeps its stored bytes when the new ones are wrong', async () => {
    const strategy = new StaleWhileRevalidate({cacheName: 'assets', plugins: plugins()});
    network[MODEL] = () => new Response(bytes);
    await run(strategy);
    network[MODEL] = () => new Response(flipped());
    await run(strategy);

    expect(await stored()).toEqual(bytes);
  });

  it('is measured by its bytes, not by Content-Length', async () => {
    network[MODEL] = () =>
      new Response(bytes, {headers: {'content-encoding': 'gzip', 'content-length': '123'}});
    await run(cacheFirst(plugins()));
    expect(await stored()).toEqual(bytes);
  });

  it('is not stored when the connection breaks, which is not reported', async () => {
    network[MODEL] = () =>
      new Response(
        new ReadableStream({
          start: (controller) => {
            controller.enqueue(bytes.slice(0, 100));
            controller.error(new TypeError('network error'));
          },
        }),
      );
    expect(await run(cacheFirst(plugins()))).toBe('broken');
    expect(await keys()).toEqual([]);
    expect(hasFailed()).toBe(false);
    expect(await reported()).toEqual([]);
  });

  it('is stored although the page has left', async () => {
    const {body, sender} = slowBody();
    network[MODEL] = () => new Response(body);
    const {response, done} = begin(cacheFirst(plugins()));
    const page = (await response).body?.getReader();
    sender.enqueue(bytes.slice(0, 100));
    await page?.read();
    void page?.cancel();
    sender.enqueue(bytes.slice(100));
    sender.close();
    await done;

    expect(await stored()).toEqual(bytes);
  });

  it('does not mix with another that streams at the same time', async () => {
    const other: ExpectedAsset = {url: CODE, integrity: await sri(truncated(), 'SHA-256')};
    const bodies = [slowBody(), slowBody()] as const;
    network = {[MODEL]: () => new Response(bodies[0].body), [CODE]: () => new Response(bodies[1].body)};
    const strategy = cacheFirst([new IntegrityPlugin({assets: [model, other]}, worker)]);
    const both = [begin(strategy, MODEL), begin(strategy, CODE)];
    await Promise.all(both.map(({response}) => response));
    for (let at = 0; at < bytes.length; at += 20_000) {
      for (const [index, {sender}] of bodies.entries()) {
        // The second has a byte less.
        sender.enqueue(bytes.slice(at, Math.min(at + 20_000, bytes.length - index)));
      }
    }
    for (const {sender} of bodies) {
      sender.close();
    }
    await Promise.all(both.map(({done}) => done));

    expect(await stored(MODEL)).toEqual(bytes);
    expect(await stored(CODE)).toEqual(truncated());
    expect(await reported()).toEqual([]);
  });

  it('is not stored when it is opaque', async () => {
    network[MODEL] = () => new Response(bytes);
    await run(cacheFirst(plugins(hiding(true))));
    expect(await keys()).toEqual([]);
    await expectFailure('opaque', {});
  });

  it('is not stored where the browser makes no digest, and the page gets it', async () => {
    vi.spyOn(crypto.subtle, 'digest').mockRejectedValue(new DOMException('too large'));
    network[MODEL] = () => new Response(bytes);
    expect(await run(cacheFirst(plugins()))).toEqual(bytes);
    expect(await keys()).toEqual([]);
    await expectFailure('cannot-digest', {size: 60_000});
  });

  it('is known by its key, and reported by it, whatever URL the page requests', async () => {
    const keyPlugin: WorkboxPlugin = {cacheKeyWillBeUsed: async () => MODEL};
    network['https://cdn.example/signed'] = () => new Response(flipped());
    await run(cacheFirst(plugins(keyPlugin)), 'https://cdn.example/signed?X-Amz-Signature=secret');
    expect(await keys()).toEqual([]);
    const all = await reported();
    expect(all).toHaveLength(1);
    expect(JSON.stringify(all)).not.toContain('secret');
  });

  it('is known by its URL without a fragment', async () => {
    network[MODEL] = () => new Response(flipped());
    await run(cacheFirst(plugins()), `${MODEL}#layer`);
    expect(await keys()).toEqual([]);
  });
});

describe('code that was redirected', () => {
  const FINAL = 'https://example.org/v1/folder/runtime.js';
  /** Makes a response look redirected. A clone has to be made so again. */
  const redirect = (response: Response): Response =>
    Object.defineProperties(response, {redirected: {value: true}, url: {value: FINAL}});
  /** A plugin that sends a request of its own, as `QuotaGuardPlugin` does: it has no destination. */
  const redirecting: WorkboxPlugin = {
    requestWillFetch: async ({request}) => new Request(request.url),
    fetchDidSucceed: async ({response}) => redirect(response),
    cacheWillUpdate: async ({response}) => redirect(response),
  };

  const requestScript = async (list: WorkboxPlugin[]) => {
    const request = Object.defineProperty(new Request(MODEL), 'destination', {value: 'script'});
    const event = Object.assign(new ExtendableEvent('fetch'), {request});
    const [response, done] = cacheFirst(list).handleAll({event, request});
    const answer = await response;
    await done.catch(() => undefined);
    return answer;
  };

  it.each([plugins, strict])('keeps its URL when its bytes are right', async (list) => {
    network[MODEL] = () => new Response(bytes);
    const answer = await requestScript([...list(redirecting), behind]);
    expect(answer.url).toBe(FINAL);
    expect(await answer.bytes()).toEqual(bytes);
    expect(given?.url).toBe(FINAL);
    expect(await stored()).toEqual(bytes);
  });

  it.each([plugins, strict])('is not stored when they are not', async (list) => {
    network[MODEL] = () => new Response(flipped());
    await requestScript(list(redirecting));
    expect(await keys()).toEqual([]);
    await expectFailure('wrong-digest', {size: 60_000, digest: await sha256(flipped())});
  });
});

describe('an asset that is not listed', () => {
  it('is stored unchecked', async () => {
    network[CODE] = () => new Response(bytes);
    await run(cacheFirst(plugins()), CODE);
    expect(await stored(CODE)).toEqual(bytes);
  });

  it.each([404, 500])('is not stored with the status %i', async (status) => {
    network[CODE] = () => new Response('no', {status});
    await run(cacheFirst([new IntegrityPlugin({assets: [model]}, worker)]), CODE);
    expect(await keys()).toEqual([]);
  });

  it.each([
    ['not stored if it is opaque', false, undefined],
    ['stored if it is opaque and a guard has allowed it', true, bytes],
  ])('is %s', async (_what, isAllowed, kept) => {
    network[CODE] = () => new Response(bytes);
    await run(cacheFirst(plugins(hiding(isAllowed))), CODE);
    expect(await stored(CODE)).toEqual(kept);
  });
});

it('cancels the copy of a body that it refuses', async () => {
  const cancelled = vi.fn();
  network[MODEL] = () => new Response(new ReadableStream({cancel: cancelled}), {status: 404});
  const {response, done} = begin(cacheFirst(plugins()));
  const page = await response;
  await done;
  // The source is cancelled when both copies are.
  await page.body?.cancel();
  expect(cancelled).toHaveBeenCalledOnce();
});

describe('a strategy that fetches two files for one request', () => {
  it('stores no wrong bytes under a listed key', async () => {
    class Both extends CacheFirst {
      override async _handle(...[request, handler]: Parameters<CacheFirst['_handle']>): Promise<Response> {
        const [response] = await Promise.all([
          handler.fetchAndCachePut(request),
          handler.fetchAndCachePut(CODE),
        ]);
        return response;
      }
    }
    network = {[MODEL]: () => new Response(flipped()), [CODE]: () => new Response(bytes)};
    await run(new Both({cacheName: 'assets', plugins: plugins()}));
    expect(await keys()).not.toContain(MODEL);
  });
});

describe('before it is served, an asset', () => {
  it('reaches the page when its last byte is right, and is stored', async () => {
    const {body, sender} = slowBody();
    network[MODEL] = () => new Response(body, {headers: {'content-type': 'application/wasm'}});
    const {response, done} = begin(cacheFirst(strict()));
    const settled = vi.fn();
    void response.then(settled);
    sender.enqueue(bytes.slice(0, -1));
    // All sent bytes have been read.
    await vi.waitFor(() => expect(sender.desiredSize).toBe(1));
    expect(settled).not.toHaveBeenCalled();
    sender.enqueue(bytes.slice(-1));
    sender.close();

    const answer = await response;
    expect(answer.headers.get('content-type')).toBe('application/wasm');
    expect(await answer.bytes()).toEqual(bytes);
    await done;
    expect(await stored()).toEqual(bytes);
    expect(await reported()).toEqual([]);
  });

  it.each([
    [
      'one bit differs',
      flipped,
      'wrong-digest',
      async () => ({size: 60_000, digest: await sha256(flipped())}),
    ],
    ['it is cut off', truncated, 'too-short', async () => ({size: 59_999})],
    ['it is longer', longer, 'too-long', async () => ({size: 60_001})],
  ])('does not reach the page when %s', async (_what, body, reason, got) => {
    network[MODEL] = () => new Response(body());
    expect(await run(cacheFirst(strict()))).toBe('network error');
    expect(await keys()).toEqual([]);
    await expectFailure(reason, await got());
  });

  it.each([
    ['opaque', () => opaque()],
    ['status', () => new Response(bytes.slice(0, 10), {status: 206})],
  ])('does not reach the page when it cannot be checked (%s)', async (reason, answer) => {
    network[MODEL] = answer;
    expect(await run(cacheFirst(strict()))).toBe('network error');
    await expectFailure(reason, {});
  });

  it('is a network error when the connection breaks, which is not reported', async () => {
    network[MODEL] = () =>
      new Response(new ReadableStream({start: (controller) => controller.error(new Error())}));
    expect(await run(cacheFirst(strict()))).toBe('network error');
    expect(await reported()).toEqual([]);
  });

  it('can be answered with an error of the server', async () => {
    network[MODEL] = () => new Response('not here', {status: 404});
    const {response, done} = begin(cacheFirst(strict()));
    expect((await response).status).toBe(404);
    await done;
    expect(await keys()).toEqual([]);
  });

  it('is returned unchanged when it is stored', async () => {
    await (await caches.open('assets')).put(MODEL, new Response(bytes));
    let found: Response | undefined;
    const finder: WorkboxPlugin = {
      cachedResponseWillBeUsed: async ({cachedResponse}) => {
        found = cachedResponse;
        return cachedResponse;
      },
    };
    const {response, done} = begin(cacheFirst([...strict(), finder]));
    expect(await response).toBe(found);
    expect(found).toBeInstanceOf(Response);
    await done;
  });

  it.each([
    ['right', () => bytes, bytes],
    ['wrong', flipped, 'network error'],
  ])('is checked when another plugin finds it elsewhere, and it is %s', async (_what, body, served) => {
    const elsewhere: WorkboxPlugin = {handlerDidError: async () => new Response(body())};
    expect(await run(cacheFirst(strict(elsewhere)))).toEqual(served);
  });

  it('does not reach the page from a cache that has it opaque', async () => {
    const found: WorkboxPlugin = {cachedResponseWillBeUsed: async () => opaque()};
    expect(await run(cacheFirst([...strict(), found]))).toBe('network error');
    await expectFailure('opaque', {});
  });

  it('comes from the cache when there is no network', async () => {
    await (await caches.open('assets')).put(MODEL, new Response(bytes));
    expect(await run(new NetworkFirst({cacheName: 'assets', plugins: strict()}))).toEqual(bytes);
  });

  it('is digested once', async () => {
    const check = vi.spyOn(ReadableStream.prototype, 'pipeThrough');
    network[MODEL] = () => new Response(bytes);
    await run(cacheFirst(strict()));
    expect(await stored()).toEqual(bytes);
    expect(check).toHaveBeenCalledOnce();
  });

  it('is checked only if it is listed', async () => {
    network[CODE] = () => new Response(bytes);
    expect(await run(cacheFirst(strict()), CODE)).toEqual(bytes);
  });
});

it('leaves the `integrity` of a request to the browser, which checks it before a worker sees a response', async () => {
  vi.unstubAllGlobals();
  const url = new URL('./toHex.ts', import.meta.url).href;
  const file = await (await fetch(url)).bytes();
  expect(await run(cacheFirst(plugins()), new Request(url, {integrity: await sri(file)}))).toEqual(file);
  await caches.delete('assets');
  expect(await run(cacheFirst(plugins()), new Request(url, {integrity: await sri(bytes)}))).toBe('rejected');
  expect(await keys()).toEqual([]);
});
