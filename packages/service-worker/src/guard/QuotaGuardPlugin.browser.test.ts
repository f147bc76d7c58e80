import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {CacheFirst, type Strategy} from 'workbox-strategies';
import type {WorkerEvent} from '../messages/protocol.ts';
import {WorkerState} from '../worker/WorkerState.ts';
import {isStorable, QuotaGuardPlugin, type QuotaGuardPluginOptions, StrictQuotaGuardPlugin} from './index.ts';
import {OpaqueLedger} from './OpaqueLedger.ts';

let network: (request: Request) => Response | Promise<Response>;
let asked: Request[];
let events: WorkerEvent[];
/** One for all tests: callbacks for a full quota stay registered. */
const worker = new WorkerState();
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
  new CacheFirst({cacheName: 'assets', plugins: [new QuotaGuardPlugin(options, worker)]});

const run = async (strategy: Strategy, request: Request): Promise<Response> => {
  const [response, done] = strategy.handleAll({event: new ExtendableEvent('fetch'), request});
  const answer = await response;
  await done;
  return answer;
};

/** Makes the request of a `<script src>`. Code cannot make one with that destination. */
const scriptRequest = (url: string): Request => {
  const request = new Request(url, {mode: 'no-cors', credentials: 'include'});
  Object.defineProperty(request, 'destination', {value: 'script'});
  Object.defineProperty(request, 'clone', {value: () => scriptRequest(url)});
  return request;
};

const stored = async (): Promise<string[]> =>
  (await (await caches.open('assets')).keys()).map(({url}) => url);

describe('the guard', () => {
  it('lets a complete answer in', async () => {
    network = () => new Response('all of it');
    await run(guarded(), new Request('https://cdn.jsdelivr.net/x.js'));
    expect(await stored()).toEqual(['https://cdn.jsdelivr.net/x.js']);
  });

  it.each([206, 404, 500])('refuses an answer with status %i, and reports it', async (status) => {
    network = () => new Response('part or error', {status});
    const key = 'https://cdn.jsdelivr.net/x.js';
    const response = await run(guarded(), new Request(key));

    expect(await response.text()).toBe('part or error');
    expect(await stored()).toEqual([]);
    await vi.waitFor(() =>
      expect(events).toEqual([{type: 'RESPONSE_REFUSED', payload: {key, reason: 'status', status}}]),
    );
  });

  it('refuses what is larger than the room that is left, and reports it', async () => {
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

  it('lets in what stays in pieces, which needs no more room, without asking how much there is', async () => {
    const estimate = vi
      .spyOn(navigator.storage, 'estimate')
      .mockResolvedValue({quota: 5_000_000, usage: 4_000_000});
    const post = vi.spyOn(BroadcastChannel.prototype, 'postMessage');
    const request = new Request('https://cdn.jsdelivr.net/x.wasm');
    const response = new Response('much', {headers: {'content-length': '2000000'}});
    const event = new ExtendableEvent('fetch');
    worker.contextOf(event).keptInPieces = response.body;
    const guard = new QuotaGuardPlugin({}, worker);

    expect(await guard.cacheWillUpdate({request, response, event, state: {}})).toBe(response);
    expect(await response.text()).toBe('much');
    expect(estimate).not.toHaveBeenCalled();
    expect(post).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });
});

describe('an opaque response', () => {
  const opaque = (): Response =>
    Object.defineProperties(new Response('hidden'), {type: {value: 'opaque'}, status: {value: 0}});

  const judge = async (Guard: typeof StrictQuotaGuardPlugin, options: QuotaGuardPluginOptions) => {
    const response = opaque();
    const request = new Request('https://assets.test/x.bin', {mode: 'no-cors'});
    const event = new ExtendableEvent('fetch');
    const guard = new Guard(options, worker);
    const admitted = await guard.cacheWillUpdate({request, response, event, state: {}});
    return {
      isAdmitted: admitted === response,
      isStorable: isStorable(request, response, worker.contextOf(event)),
    };
  };

  it('is refused without an allowance', async () => {
    expect(await judge(QuotaGuardPlugin, {})).toEqual({isAdmitted: false, isStorable: false});
  });

  it('is let in up to an allowance, and is storable to the plugins behind', async () => {
    const admit = vi.spyOn(OpaqueLedger.prototype, 'admit').mockResolvedValueOnce(true);
    expect(await judge(QuotaGuardPlugin, {opaque: {maxEntries: 1}})).toEqual({
      isAdmitted: true,
      isStorable: true,
    });
    expect(admit).toHaveBeenCalledWith('https://assets.test/x.bin', 1);
    admit.mockResolvedValueOnce(false);
    expect((await judge(QuotaGuardPlugin, {opaque: {maxEntries: 1}})).isAdmitted).toBe(false);
    admit.mockRestore();
  });

  it('is refused by the strict guard', async () => {
    expect(await judge(StrictQuotaGuardPlugin, {opaque: {maxEntries: 1}})).toEqual({
      isAdmitted: false,
      isStorable: false,
    });
  });
});

describe('a request without CORS', () => {
  it('is sent with CORS and without credentials to a host that answers it', async () => {
    network = () => new Response('readable');
    await run(guarded(), scriptRequest('https://cdn.jsdelivr.net/x.js'));

    expect(asked.map(({mode, credentials}) => [mode, credentials])).toEqual([['cors', 'omit']]);
    expect(await stored()).toEqual(['https://cdn.jsdelivr.net/x.js']);
  });

  it('is sent unchanged to a host that is not listed', async () => {
    network = () => new Response('whatever');
    await run(guarded(), scriptRequest('https://assets.test/x.js'));
    await run(guarded({corsHosts: ['assets.test']}), scriptRequest('https://assets.test/y.js'));

    expect(asked.map(({mode}) => mode)).toEqual(['no-cors', 'cors']);
  });

  const waysAsked = (): string[] => asked.splice(0).map(({mode, cache}) => `${mode} ${cache}`);

  it('is sent unchanged when CORS fails, also past the HTTP cache; from the third time on, at once', async () => {
    network = ({mode}) => {
      if (mode === 'cors') {
        throw new TypeError('Failed to fetch');
      }
      return new Response('as the page asked');
    };
    const strategy = guarded({corsHosts: ['assets.test']});
    for (const name of ['a', 'b', 'c']) {
      const answer = await run(strategy, scriptRequest(`https://assets.test/${name}.js`));
      expect(await answer.text()).toBe('as the page asked');
      expect(waysAsked()).toEqual(['cors default', 'cors reload', 'no-cors default']);
    }
    await run(strategy, scriptRequest('https://assets.test/d.js'));
    expect(waysAsked()).toEqual(['no-cors default']);

    const later = performance.now() + 10 * 60 * 1000;
    vi.spyOn(performance, 'now').mockReturnValue(later);
    network = () => new Response('readable');
    await run(strategy, scriptRequest('https://assets.test/e.js'));
    expect(waysAsked()).toEqual(['cors default']);
    vi.restoreAllMocks();
  });

  it('is sent with CORS past the HTTP cache, where an answer without CORS is in it', async () => {
    network = ({mode, cache}) => {
      if (mode === 'cors' && cache !== 'reload') {
        throw new TypeError('Failed to fetch');
      }
      return new Response(mode);
    };
    const strategy = guarded();
    const answer = await run(strategy, scriptRequest('https://unpkg.com/x.js'));
    expect(await answer.text()).toBe('cors');
    expect(waysAsked()).toEqual(['cors default', 'cors reload']);
    // The next one goes past it at once, and is stored.
    await run(strategy, scriptRequest('https://unpkg.com/y.js'));
    expect(waysAsked()).toEqual(['cors reload']);
    expect(await stored()).toEqual(['https://unpkg.com/y.js']);
  });

  it('is not sent again when the page has left', async () => {
    network = () => {
      throw new DOMException('The page has left.', 'AbortError');
    };
    await expect(run(guarded(), scriptRequest('https://unpkg.com/x.js'))).rejects.toThrow();
    expect(waysAsked()).toEqual(['cors default']);
  });

  it('is sent unchanged when the host answers CORS with an error', async () => {
    network = ({mode}) =>
      mode === 'cors' ? new Response('', {status: 403}) : new Response('as the page asked');
    const response = await run(guarded(), scriptRequest('https://cdn.jsdelivr.net/x.js'));

    expect(await response.text()).toBe('as the page asked');
  });

  it('fails without a network', async () => {
    network = () => {
      throw new TypeError('Failed to fetch');
    };
    await expect(run(guarded(), scriptRequest('https://cdn.jsdelivr.net/x.js'))).rejects.toThrow();
  });
});

it('reports that the quota is exceeded, once for all guards', async () => {
  network = () => new Response('all of it');
  const put = vi
    .spyOn(Cache.prototype, 'put')
    .mockRejectedValue(new DOMException('Quota exceeded.', 'QuotaExceededError'));
  const both = new CacheFirst({
    cacheName: 'assets',
    plugins: [new QuotaGuardPlugin({}, worker), new StrictQuotaGuardPlugin({}, worker)],
  });
  await expect(run(both, new Request('https://cdn.jsdelivr.net/x.js'))).rejects.toThrow('Quota');
  put.mockRestore();

  await vi.waitFor(() => expect(events).toMatchObject([{type: 'QUOTA_EXCEEDED'}]));
});
