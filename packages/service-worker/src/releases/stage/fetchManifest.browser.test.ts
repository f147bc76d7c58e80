import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {fetchManifest} from './fetchManifest.ts';

const URL_OF_MANIFEST = 'https://a.test/models/v2/manifest.json';
const HEX = 'ab'.repeat(32);
const JSON_OF_MANIFEST = JSON.stringify({holdfast: 1, assets: [{path: 'model.onnx', size: 7, sha256: HEX}]});
const MANIFEST = {
  assets: [{url: 'https://a.test/models/v2/model.onnx', size: 7, digest: {algorithm: 'sha256', hex: HEX}}],
};

let controller: AbortController;
let answer: (signal: AbortSignal) => Promise<Response>;
let asked: [string, RequestInit][];

beforeEach(() => {
  controller = new AbortController();
  asked = [];
  answer = async () => new Response(JSON_OF_MANIFEST);
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    asked.push([url, init]);
    return answer(init.signal as AbortSignal);
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const read = (url = URL_OF_MANIFEST) => fetchManifest(url, controller.signal);

/** Resolves never, and rejects when the signal aborts. */
const abortOf = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

describe('a manifest', () => {
  it('is fetched past what the HTTP cache has not checked, and read', async () => {
    expect(await read()).toEqual(MANIFEST);
    expect(asked).toMatchObject([[URL_OF_MANIFEST, {cache: 'no-cache'}]]);
  });

  it('has paths relative to the URL that was asked for, also after a redirect', async () => {
    answer = async () =>
      Object.defineProperty(new Response(JSON_OF_MANIFEST), 'url', {value: 'https://cdn.test/blob?signed'});
    expect(await read()).toEqual(MANIFEST);
  });

  it('may have a URL relative to the worker', async () => {
    await read('/models/v2/manifest.json');
    expect(asked[0]?.[0]).toBe(`${location.origin}/models/v2/manifest.json`);
  });
});

describe('a manifest that cannot be read', () => {
  const SIGNED = `${URL_OF_MANIFEST}?signature=secret`;
  const because = (reason: string) => `the manifest '${URL_OF_MANIFEST}' cannot be read: ${reason}`;

  it('is an error with the status, and its body is discarded', async () => {
    const cancel = vi.fn();
    answer = async () => new Response(new ReadableStream({cancel}), {status: 404});
    await expect(read(SIGNED)).rejects.toThrow(because('the server answered with 404'));
    await vi.waitFor(() => expect(cancel).toHaveBeenCalledOnce());
  });

  it('is an error with what failed in the network', async () => {
    answer = async () => {
      throw new TypeError('Failed to fetch');
    };
    await expect(read(SIGNED)).rejects.toThrow(because('Failed to fetch'));
  });

  it.each(['<!doctype html>', '', '{"assets": []}'])('is an error if it is no manifest: %s', async (text) => {
    answer = async () => new Response(text);
    await expect(read(SIGNED)).rejects.toThrow(because(''));
  });

  it('is an error if no answer arrives', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    answer = abortOf;
    const reading = expect(read()).rejects.toThrow(because('Nothing arrives on the connection any more.'));
    await vi.advanceTimersByTimeAsync(30_000);
    await reading;
  });

  it('is an error if its body stops, and none while it arrives slowly', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']});
    let body: ReadableStreamDefaultController | undefined;
    answer = async (signal) => {
      const stream = new ReadableStream({
        start: (started) => {
          body = started;
        },
      });
      return new Response(stream.pipeThrough(new TransformStream(), {signal}));
    };
    let isSettled = false;
    const reading = read().finally(() => {
      isSettled = true;
    });
    const rejected = expect(reading).rejects.toThrow(because(''));
    for (let byte = 0; byte < 3; byte += 1) {
      await vi.advanceTimersByTimeAsync(20_000);
      body?.enqueue(new TextEncoder().encode('{'));
    }
    await vi.advanceTimersByTimeAsync(20_000);
    expect(isSettled).toBe(false);
    await vi.advanceTimersByTimeAsync(30_000);
    await rejected;
  });

  it('rejects with the reason of an abort', async () => {
    answer = abortOf;
    const reading = expect(read()).rejects.toThrow('aborted');
    controller.abort(new Error('aborted'));
    await reading;
  });
});
