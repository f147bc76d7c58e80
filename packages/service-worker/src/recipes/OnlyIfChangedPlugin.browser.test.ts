import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {WorkboxPlugin} from 'workbox-core/types.js';
import {CacheFirst, NetworkFirst, StaleWhileRevalidate, type Strategy} from 'workbox-strategies';
import {VersionScopePlugin} from '../releases/index.ts';
import {OnlyIfChangedPlugin} from './OnlyIfChangedPlugin.ts';

const URL_OF_MODEL = 'https://huggingface.co/org/model/resolve/main/model.onnx';

/** What the host has, or a function that answers every request. */
let host: {body: string; etag?: string} | ((request: Request) => Response | Promise<Response>);
/** What was requested: whole files, and parts of them. */
let asked: {range: string | null; cache: RequestCache; accept: string | null}[];
let lastAsked: Request;
let unhandled: unknown[];

const noteRejection = (event: PromiseRejectionEvent): void => {
  unhandled.push(event.reason);
  event.preventDefault();
};

beforeEach(() => {
  host = {body: 'first', etag: '"1"'};
  asked = [];
  unhandled = [];
  addEventListener('unhandledrejection', noteRejection);
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = new Request(input, init);
    const {cache, headers} = request;
    lastAsked = request;
    asked.push({range: headers.get('range'), cache, accept: headers.get('accept')});
    if (typeof host === 'function') {
      return host(request);
    }
    const {body, etag} = host;
    const tag: Record<string, string> = etag ? {etag} : {};
    return headers.has('range')
      ? new Response(body[0], {
          status: 206,
          headers: {...tag, 'content-range': `bytes 0-0/${body.length}`},
        })
      : new Response(body, {headers: tag});
  });
});

afterEach(async () => {
  removeEventListener('unhandledrejection', noteRejection);
  vi.unstubAllGlobals();
  for (const name of await caches.keys()) {
    await caches.delete(name);
  }
  expect(unhandled).toEqual([]);
});

const scope = () => new VersionScopePlugin({prefix: 'models', pattern: /\/resolve\/(?<version>[^/]+)\//});

const revalidating = (...more: WorkboxPlugin[]): Strategy =>
  new StaleWhileRevalidate({plugins: [scope(), new OnlyIfChangedPlugin(), ...more]});

/** Sends a request through a strategy, and waits until everything is done. */
const visit = async (strategy: Strategy, init?: RequestInit): Promise<string> => {
  const request = new Request(URL_OF_MODEL, init);
  const [response, done] = strategy.handleAll({event: new ExtendableEvent('fetch'), request});
  const text = await (await response).text();
  await done;
  return text;
};

const ranges = () => asked.map(({range}) => range);

describe('a stored file that has not changed', () => {
  beforeEach(async () => {
    await visit(revalidating());
    asked = [];
  });

  it('costs one byte', async () => {
    expect(await visit(revalidating(), {headers: {accept: 'application/octet-stream'}})).toBe('first');
    expect(asked).toEqual([{range: 'bytes=0-0', cache: 'no-store', accept: 'application/octet-stream'}]);
  });

  it('is recognized by an ETag that has become weak', async () => {
    host = {body: 'first', etag: 'W/"1"'};
    await visit(revalidating());
    expect(ranges()).toEqual(['bytes=0-0']);
  });

  it('is recognized where the host answers with the whole file, which is not read', async () => {
    const cancel = vi.fn();
    host = () => new Response(new ReadableStream({cancel}), {headers: {etag: '"1"'}});
    expect(await visit(revalidating())).toBe('first');
    expect(ranges()).toEqual(['bytes=0-0']);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('costs one byte also when a part of it is requested', async () => {
    expect(await visit(revalidating(), {headers: {range: 'bytes=1-2'}})).toBe('ir');
    expect(ranges()).toEqual(['bytes=0-0']);
  });

  it('is answered before the host is', async () => {
    let answer: (response: Response) => void = () => undefined;
    host = () => new Promise((resolve) => (answer = resolve));
    const [response, done] = revalidating().handleAll({
      event: new ExtendableEvent('fetch'),
      request: new Request(URL_OF_MODEL),
    });
    expect(await (await response).text()).toBe('first');
    await vi.waitFor(() => expect(ranges()).toEqual(['bytes=0-0']));
    answer(new Response('f', {status: 206, headers: {etag: '"1"'}}));
    await done;
    expect(ranges()).toEqual(['bytes=0-0']);
  });

  it('reaches the page from the network if a later plugin refuses it', async () => {
    const refusing: WorkboxPlugin = {cachedResponseWillBeUsed: async () => null};
    expect(await visit(revalidating(refusing))).toBe('first');
    expect(ranges()).toEqual(['bytes=0-0', null]);
  });
});

it('shows the page no signed URL where a later plugin refuses what is stored', async () => {
  await visit(revalidating());
  host = ({headers}) =>
    headers.has('range')
      ? new Response('f', {status: 206, headers: {etag: '"1"'}})
      : Object.defineProperties(new Response('first', {status: 203, headers: {etag: '"1"'}}), {
          redirected: {value: true},
          url: {value: 'https://us.aws.cdn.hf.co/file?Signature=s'},
        });
  const [response, done] = revalidating({cachedResponseWillBeUsed: async () => null}).handleAll({
    event: new ExtendableEvent('fetch'),
    request: new Request(URL_OF_MODEL),
  });
  const {url, status, headers} = await response;
  expect([url, status, headers.get('etag'), await (await response).text()]).toEqual([
    '',
    203,
    '"1"',
    'first',
  ]);
  await done;
});

it('does nothing where the key is known only after the fetch has begun', async () => {
  const slow: WorkboxPlugin = {
    cacheKeyWillBeUsed: async ({request}) => {
      await vi.waitFor(() => expect(asked.length).toBeGreaterThan(0));
      return request;
    },
  };
  const strategy = () => new StaleWhileRevalidate({plugins: [slow, scope(), new OnlyIfChangedPlugin()]});
  await visit(strategy());
  asked = [];
  expect(await visit(strategy())).toBe('first');
  expect(ranges()).toEqual([null]);
});

describe('a file that may have changed is fetched', () => {
  it('when nothing is stored, without a probe', async () => {
    expect(await visit(revalidating())).toBe('first');
    expect(ranges()).toEqual([null]);
  });

  it('when the host has another one, which the next visit gets', async () => {
    await visit(revalidating());
    host = {body: 'second', etag: '"2"'};
    expect(await visit(revalidating())).toBe('first');
    expect(ranges()).toEqual([null, 'bytes=0-0', null]);
    expect(await visit(revalidating())).toBe('second');
    expect(ranges()).toEqual([null, 'bytes=0-0', null, 'bytes=0-0']);
  });

  it('past the HTTP cache, which may have the old file', async () => {
    await visit(revalidating());
    host = {body: 'second', etag: '"2"'};
    await visit(revalidating());
    expect(asked.map(({cache}) => cache)).toEqual(['default', 'no-store', 'no-cache']);
  });

  it('as a whole, though a part of it is requested', async () => {
    await visit(revalidating());
    host = {body: 'second', etag: '"2"'};
    const referrer = `${location.origin}/a/page`;
    const part = {headers: {range: 'bytes=1-2', 'if-range': '"1"'}, referrer};
    await visit(revalidating(), part);
    expect(ranges()).toEqual([null, 'bytes=0-0', null]);
    expect([lastAsked.headers.get('if-range'), lastAsked.referrer]).toEqual([null, referrer]);
    expect(await visit(revalidating(), {headers: {range: 'bytes=1-2'}})).toBe('ec');
  });

  it('when the stored one has no ETag, without a probe', async () => {
    host = {body: 'first'};
    await visit(revalidating());
    expect(await visit(revalidating())).toBe('first');
    expect(ranges()).toEqual([null, null]);
  });

  it.each([
    ['has no ETag', () => new Response('f', {status: 206})],
    ['answers with an error', () => new Response('no', {status: 403, headers: {etag: '"1"'}})],
    ['has an empty file', () => new Response('', {status: 416})],
    ['does not answer', () => Promise.reject(new TypeError('Failed to fetch'))],
  ])('when the probe %s', async (_, probed) => {
    await visit(revalidating());
    host = ({headers}) =>
      headers.has('range') ? probed() : new Response('second', {headers: {etag: '"1"'}});
    expect(await visit(revalidating())).toBe('first');
    expect(ranges()).toEqual([null, 'bytes=0-0', null]);
    expect(await visit(revalidating())).toBe('second');
  });
});

it('answers from the cache without a network', async () => {
  await visit(revalidating());
  host = () => Promise.reject(new TypeError('Failed to fetch'));
  expect(await visit(revalidating())).toBe('first');
});

it('answers from the network where the storage fails', async () => {
  vi.spyOn(caches, 'match').mockRejectedValue(new DOMException('broken', 'UnknownError'));
  expect(await visit(revalidating())).toBe('first');
  vi.restoreAllMocks();
});

describe('other strategies are not affected', () => {
  const plugins = () => [scope(), new OnlyIfChangedPlugin()];

  it('NetworkFirst', async () => {
    expect(await visit(new NetworkFirst({plugins: plugins()}))).toBe('first');
    expect(await visit(new NetworkFirst({plugins: plugins()}))).toBe('first');
    expect(ranges()).toEqual([null, null]);
    host = () => Promise.reject(new TypeError('Failed to fetch'));
    expect(await visit(new NetworkFirst({plugins: plugins()}))).toBe('first');
  });

  it('NetworkFirst with a short time limit', async () => {
    await visit(new NetworkFirst({plugins: plugins()}));
    let answer: (response: Response) => void = () => undefined;
    host = () => new Promise((resolve) => (answer = resolve));
    const [response, done] = new NetworkFirst({networkTimeoutSeconds: 0.02, plugins: plugins()}).handleAll({
      event: new ExtendableEvent('fetch'),
      request: new Request(URL_OF_MODEL),
    });
    expect(await (await response).text()).toBe('first');
    answer(new Response('second', {headers: {etag: '"2"'}}));
    await done;
    expect(ranges()).toEqual([null, null]);
  });

  it('CacheFirst', async () => {
    expect(await visit(new CacheFirst({plugins: plugins()}))).toBe('first');
    expect(await visit(new CacheFirst({plugins: plugins()}))).toBe('first');
    expect(ranges()).toEqual([null]);
  });
});
