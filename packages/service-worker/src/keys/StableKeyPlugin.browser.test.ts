import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {RangeRequestsPlugin} from 'workbox-range-requests';
import {CacheFirst} from 'workbox-strategies';
import {accountIn, publicKey} from '../http/partition.ts';
import {compileTables} from './compileTables.ts';
import {PlainStableKeyPlugin} from './PlainStableKeyPlugin.ts';
import {StableKeyPlugin} from './StableKeyPlugin.ts';
import {tablesOf} from './tables.ts';

const HUB = 'https://huggingface.co/org/model/resolve/main/model.onnx';
const SIGNED = 'https://b.s3.amazonaws.com/model.onnx?X-Amz-Signature=5ec1e7&X-Amz-Credential=AKIA';
const KEY = 'https://b.s3.amazonaws.com/model.onnx';
const FILE_INFO = 'application/vnd.xet-fileinfo+json';
const BODY = '0123456789';
const cacheName = 'stable-key-test';

// Workbox asserts it in development, and a page has none.
class PageEvent extends Event {
  readonly pending: Promise<unknown>[] = [];
  waitUntil(work: Promise<unknown>): void {
    this.pending.push(work);
  }
}
vi.stubGlobal('ExtendableEvent', PageEvent);

/** Makes the answers of the network. */
let answer: (request: Request) => Response;
const network = vi.fn<typeof fetch>(async (input) => answer(new Request(input)));

beforeEach(() => {
  answer = () => new Response(BODY, {headers: {'content-type': 'application/wasm'}});
  vi.spyOn(globalThis, 'fetch').mockImplementation(network);
});

afterEach(async () => {
  vi.restoreAllMocks();
  network.mockClear();
  await caches.delete(cacheName);
});

const ask = async (request: Request, plugins = [new StableKeyPlugin()]): Promise<Response> => {
  const event = new PageEvent('fetch');
  const strategy = new CacheFirst({cacheName, plugins});
  const [response, done] = strategy.handleAll({event: event as ExtendableEvent, request});
  const result = await response;
  await done;
  return result;
};

const stored = async (): Promise<Request[]> => [...(await (await caches.open(cacheName)).keys())];

const keyOf = (request: Request, mode = 'write'): Promise<Request | string> =>
  new StableKeyPlugin().cacheKeyWillBeUsed({
    request,
    mode,
    event: new PageEvent('fetch') as ExtendableEvent,
  });

describe('the key request', () => {
  it('is the request itself when it is looked up and nothing must be removed', async () => {
    const request = new Request(HUB, {headers: {range: 'bytes=0-1'}});
    expect(await keyOf(request, 'read')).toBe(request);
  });

  it('loses the signature and all headers that a key does not need', async () => {
    const headers = {
      authorization: 'Bearer 5ec1e7',
      'x-api-key': '5ec1e7',
      'private-token': '5ec1e7',
      'x-goog-api-key': '5ec1e7',
      'x-amz-security-token': '5ec1e7',
      'x-of-my-own': '5ec1e7',
      range: 'bytes=0-1',
      accept: 'a/b',
      'accept-language': 'de',
    };
    const key = (await keyOf(new Request(SIGNED, {headers}))) as Request;
    expect(publicKey(key.url)).toBe(KEY);
    expect(accountIn(key.url)).toMatch(/^a\.[\da-f]{32}$/);
    expect(Object.fromEntries(key.headers)).toEqual({
      range: 'bytes=0-1',
      accept: 'a/b',
      'accept-language': 'de',
    });
  });

  it.each(['authorization', 'x-api-key', 'x-of-my-own'])('loses %s also when its URL stays', async (name) => {
    const key = (await keyOf(new Request(HUB, {headers: {[name]: '5ec1e7'}}))) as Request;
    expect([publicKey(key.url), [...key.headers]]).toEqual([HUB, []]);
  });

  it.each(['HEAD', 'POST'])('is the request itself for %s, whose answer is not the file', async (method) => {
    const request = new Request(SIGNED, {method});
    expect(await keyOf(request)).toBe(request);
  });

  it('knows the schemes and providers of its options', async () => {
    const plugin = new StableKeyPlugin({providers: [{hosts: 'a.example.com', drop: 'session'}]});
    const request = new Request('https://a.example.com/m?session=1');
    const event = new PageEvent('fetch') as ExtendableEvent;
    const key = await plugin.cacheKeyWillBeUsed({request, mode: 'read', event});
    expect((key as Request).url).toBe('https://a.example.com/m');
  });
});

it('refuses invalid options', () => {
  expect(() => new StableKeyPlugin({schemes: [{all: 1 as unknown as string}]})).toThrow(
    "StableKeyPlugin: option 'schemes[0].all' must be a string, but got 1.",
  );
});

it('returns the key of a URL', () => {
  const plugin = new StableKeyPlugin();
  expect(plugin.keyOf(SIGNED)).toBe(KEY);
  expect(plugin.keyOf(HUB, FILE_INFO)).toBe(`${HUB}?holdfast-variant=${encodeURIComponent(FILE_INFO)}`);
});

it('knows the tables that a build gives it, and no others', () => {
  const tables = compileTables(tablesOf(['huggingFace']));
  const plugin = new PlainStableKeyPlugin({providers: [{hosts: 'a.example.com', host: 'hf.co'}]}, tables);
  expect(plugin.keyOf('https://a.example.com/m')).toBe('https://huggingface.co/m');
  expect(plugin.keyOf(SIGNED)).toBe(SIGNED);
});

describe('in a CacheFirst strategy', () => {
  it('finds a file under another signature, and stores none', async () => {
    await ask(new Request(SIGNED));
    const again = await ask(new Request(`${KEY}?X-Amz-Signature=other&X-Amz-Date=2026`));

    expect(await again.text()).toBe(BODY);
    expect(network).toHaveBeenCalledTimes(1);
    const [key, ...more] = await stored();
    expect([key?.url, more]).toEqual([KEY, []]);
  });

  it('finds what one credential fetched for no other one', async () => {
    const as = (authorization: string) => ask(new Request(SIGNED, {headers: {authorization}}));
    await as('Bearer 5ec1e7');
    await as('Bearer 5ec1e7');
    expect(network).toHaveBeenCalledTimes(1);
    await as('Bearer 07e12');
    await ask(new Request(SIGNED));
    expect(network).toHaveBeenCalledTimes(3);
    // What everybody may have answers a new account, too.
    await as('Bearer third');
    expect(network).toHaveBeenCalledTimes(3);
    expect(JSON.stringify((await stored()).map(({url, headers}) => [url, [...headers]]))).not.toContain(
      '5ec1e7',
    );
  });

  it('stores no header that a key does not need', async () => {
    await ask(new Request(HUB, {headers: {'x-api-key': '5ec1e7', 'private-token': '5ec1e7', accept: 'a/b'}}));
    const [key] = await stored();
    expect([publicKey(key?.url ?? ''), [...(key?.headers ?? [])]]).toEqual([HUB, [['accept', 'a/b']]]);
  });

  it('sends the request to the network unchanged', async () => {
    await ask(new Request(SIGNED, {headers: {authorization: 'Bearer 5ec1e7'}}));
    const sent = network.mock.calls[0]?.[0] as Request;
    expect([sent.url, sent.headers.get('authorization')]).toEqual([SIGNED, 'Bearer 5ec1e7']);
  });

  it('stores the description of a file apart from the file, whichever comes first', async () => {
    answer = ({headers}) => new Response(headers.get('accept')?.includes(FILE_INFO) ? '{"info":1}' : BODY);
    const description = (): Request => new Request(HUB, {headers: {accept: `${FILE_INFO}, */*`}});

    for (const [first, second] of [
      [description(), new Request(HUB)],
      [new Request(HUB), description()],
    ] as const) {
      await caches.delete(cacheName);
      const bodies = [await (await ask(first)).text(), await (await ask(second)).text()];
      expect(bodies.sort()).toEqual([BODY, '{"info":1}']);
      expect(await (await ask(new Request(HUB))).text()).toBe(BODY);
      expect((await stored()).map(({url}) => url).sort()).toEqual([
        HUB,
        `${HUB}?holdfast-variant=${encodeURIComponent(FILE_INFO)}`,
      ]);
    }
  });

  it('answers with the whole description when the request also has a range', async () => {
    answer = () => new Response('{"info":1}');
    const description = (): Request =>
      new Request(HUB, {headers: {accept: `${FILE_INFO}, */*`, range: 'bytes=0-0'}});
    await ask(description());

    const stored = await ask(description());
    expect(network).toHaveBeenCalledTimes(1);
    expect([stored.status, await stored.text()]).toEqual([200, '{"info":1}']);
  });

  it('does not store the answer to a HEAD as the file', async () => {
    answer = ({method}) => new Response(method === 'HEAD' ? '' : BODY);
    await ask(new Request(SIGNED, {method: 'HEAD'})).catch(() => {});
    expect(await stored()).toEqual([]);
    expect(await (await ask(new Request(SIGNED))).text()).toBe(BODY);
  });
});

describe('a range', () => {
  const range = (value: string, more = {}): Request =>
    new Request(SIGNED, {headers: {range: value, ...more}});

  it('is answered from the stored file', async () => {
    await ask(new Request(SIGNED));
    const part = await ask(range('bytes=2-4'));
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    expect((await ask(range('bytes=10-'))).status).toBe(416);
    // The stored file stays complete.
    expect(await (await ask(new Request(SIGNED))).text()).toBe(BODY);
    expect(network).toHaveBeenCalledTimes(1);
  });

  it('goes to the network on a miss, and its answer is not stored', async () => {
    answer = () => new Response('0', {status: 206, headers: {'content-range': 'bytes 0-0/10'}});
    expect((await ask(range('bytes=0-0'))).status).toBe(206);
    expect(await stored()).toEqual([]);
  });

  it('is answered with the whole file when there are several, or a condition', async () => {
    await ask(new Request(SIGNED));
    for (const request of [range('bytes=0-1,3-4'), range('bytes=0-1', {'if-range': '"a"'})]) {
      const response = await ask(request);
      expect([response.status, await response.text()]).toEqual([200, BODY]);
    }
  });

  it('is answered once when the range plugin of Workbox follows', async () => {
    const plugins = [new StableKeyPlugin(), new RangeRequestsPlugin() as StableKeyPlugin];
    await ask(new Request(SIGNED), plugins);
    const part = await ask(range('bytes=2-4'), plugins);
    expect([part.status, await part.text()]).toEqual([206, '234']);
  });
});
