import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {CacheFirst, type Strategy} from 'workbox-strategies';
import type {QuotaGuardEvent} from './events.ts';
import {QuotaGuardPlugin, type QuotaGuardPluginOptions} from './index.ts';

let network: (request: Request) => Response | Promise<Response>;
let asked: Request[];
let events: QuotaGuardEvent[];
let channel: BroadcastChannel;

beforeEach(() => {
  asked = [];
  events = [];
  channel = new BroadcastChannel('holdfast');
  channel.onmessage = ({data}) => events.push(data);
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request);
    return network(request);
  });
});

afterEach(async () => {
  channel.close();
  vi.unstubAllGlobals();
  await caches.delete('assets');
});

const guarded = (options?: QuotaGuardPluginOptions): Strategy =>
  new CacheFirst({cacheName: 'assets', plugins: [new QuotaGuardPlugin(options)]});

const run = async (strategy: Strategy, request: Request): Promise<Response> => {
  const [response, done] = strategy.handleAll({event: new ExtendableEvent('fetch'), request});
  const answer = await response;
  await done;
  return answer;
};

/** What a `<script src>` sends. A page's own code cannot make a request with that destination. */
const scriptRequest = (url: string): Request => {
  const request = new Request(url, {mode: 'no-cors', credentials: 'include'});
  Object.defineProperty(request, 'destination', {value: 'script'});
  Object.defineProperty(request, 'clone', {value: () => scriptRequest(url)});
  return request;
};

const stored = async (): Promise<string[]> =>
  (await (await caches.open('assets')).keys()).map(({url}) => url);

describe('what is stored', () => {
  it('is a complete answer', async () => {
    network = () => new Response('all of it');
    await run(guarded(), new Request('https://cdn.jsdelivr.net/x.js'));
    expect(await stored()).toEqual(['https://cdn.jsdelivr.net/x.js']);
  });

  it.each([206, 404, 500])('is not an answer with status %i, and the guard says so', async (status) => {
    network = () => new Response('part or error', {status});
    const key = 'https://cdn.jsdelivr.net/x.js';
    const response = await run(guarded(), new Request(key));

    expect(await response.text()).toBe('part or error');
    expect(await stored()).toEqual([]);
    await vi.waitFor(() =>
      expect(events).toEqual([{type: 'RESPONSE_REFUSED', payload: {key, reason: 'status', status}}]),
    );
  });

  it('is nothing that is larger than the room that is left', async () => {
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({quota: 5_000_000, usage: 4_000_000});
    network = () => new Response('much', {headers: {'content-length': '2000000'}});
    const key = 'https://cdn.jsdelivr.net/x.wasm';
    await run(guarded(), new Request(key));

    expect(await stored()).toEqual([]);
    await vi.waitFor(() =>
      expect(events).toEqual([{type: 'RESPONSE_REFUSED', payload: {key, reason: 'no-room', status: 200}}]),
    );
    vi.restoreAllMocks();
  });

  it('is whatever its strategy keeps by itself: it needs no more room, and nobody asks how much there is', async () => {
    const estimate = vi
      .spyOn(navigator.storage, 'estimate')
      .mockResolvedValue({quota: 5_000_000, usage: 4_000_000});
    const post = vi.spyOn(BroadcastChannel.prototype, 'postMessage');
    const request = new Request('https://cdn.jsdelivr.net/x.wasm');
    const response = new Response('much', {headers: {'content-length': '2000000'}});
    const event = Object.assign(new ExtendableEvent('fetch'), {
      [Symbol.for('holdfast.kept-elsewhere')]: response.body,
    });
    const guard = new QuotaGuardPlugin();

    expect(await guard.cacheWillUpdate({request, response, event, state: {}})).toBe(response);
    expect(await response.text()).toBe('much');
    expect(estimate).not.toHaveBeenCalled();
    expect(post).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

describe('a request without CORS', () => {
  it('goes out with CORS and without credentials to a host that answers it', async () => {
    network = () => new Response('readable');
    await run(guarded(), scriptRequest('https://cdn.jsdelivr.net/x.js'));

    expect(asked.map(({mode, credentials}) => [mode, credentials])).toEqual([['cors', 'omit']]);
    expect(await stored()).toEqual(['https://cdn.jsdelivr.net/x.js']);
  });

  it('goes out as it is to a host that nobody said to answer CORS', async () => {
    network = () => new Response('whatever');
    await run(guarded(), scriptRequest('https://assets.test/x.js'));
    await run(guarded({corsHosts: ['assets.test']}), scriptRequest('https://assets.test/y.js'));

    expect(asked.map(({mode}) => mode)).toEqual(['no-cors', 'cors']);
  });

  it('falls back to what the page asked when CORS fails, and does not try again', async () => {
    network = ({mode}) => {
      if (mode === 'cors') {
        throw new TypeError('Failed to fetch');
      }
      return new Response('as the page asked');
    };
    const strategy = guarded({corsHosts: ['assets.test']});

    expect(await (await run(strategy, scriptRequest('https://assets.test/x.js'))).text()).toBe(
      'as the page asked',
    );
    await run(strategy, scriptRequest('https://assets.test/y.js'));
    expect(asked.map(({mode}) => mode)).toEqual(['cors', 'no-cors', 'no-cors']);
  });

  it('falls back to what the page asked when the host answers CORS with an error', async () => {
    network = ({mode}) =>
      mode === 'cors' ? new Response('', {status: 403}) : new Response('as the page asked');
    const response = await run(guarded(), scriptRequest('https://cdn.jsdelivr.net/x.js'));

    expect(await response.text()).toBe('as the page asked');
  });

  it('fails as it would have without the guard when there is no network', async () => {
    network = () => {
      throw new TypeError('Failed to fetch');
    };
    await expect(run(guarded(), scriptRequest('https://cdn.jsdelivr.net/x.js'))).rejects.toThrow();
  });
});

it('tells when the quota is exceeded', async () => {
  network = () => new Response('all of it');
  const put = vi
    .spyOn(Cache.prototype, 'put')
    .mockRejectedValue(new DOMException('Quota exceeded.', 'QuotaExceededError'));
  await expect(run(guarded(), new Request('https://cdn.jsdelivr.net/x.js'))).rejects.toThrow('Quota');
  put.mockRestore();

  await vi.waitFor(() => expect(events).toMatchObject([{type: 'QUOTA_EXCEEDED'}]));
});
