import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import {fetchAnswer} from './fetchAnswer.ts';

const url = 'https://a.test/model.onnx';

/** What was asked, each with what answers or fails it. */
let asked: {cache: RequestCache; signal: AbortSignal; answer(): void; fail(error: Error): void}[];

beforeEach(() => {
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance']});
  asked = [];
  vi.stubGlobal('fetch', ({cache, signal}: Request) => {
    return new Promise<Response>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      if (signal.aborted) {
        reject(signal.reason);
      }
      const answer = (): void => resolve(new Response(String(asked.length)));
      asked.push({cache, signal, answer, fail: reject});
    });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const open = (): boolean[] => asked.map(({signal}) => !signal.aborted);

describe('a host that answers', () => {
  it('is asked once', async () => {
    const answer = fetchAnswer(new Request(url));
    await vi.advanceTimersByTimeAsync(9999);
    asked[0]?.answer();
    expect((await answer).status).toBe(200);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(open()).toEqual([true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('with an error of the network is asked once', async () => {
    const answer = fetchAnswer(new Request(url));
    asked[0]?.fail(new TypeError('Failed to fetch'));
    await expect(answer).rejects.toThrow('Failed to fetch');
    expect(asked).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a host that is silent', () => {
  it('is asked on another connection, past the HTTP cache, and the first answer counts', async () => {
    const answer = fetchAnswer(new Request(url));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked.map(({cache}) => cache)).toEqual(['default', 'reload']);
    asked[1]?.answer();
    expect((await answer).status).toBe(200);
    expect(open()).toEqual([false, true]);
  });

  it('may answer the first request after all', async () => {
    const answer = fetchAnswer(new Request(url));
    await vi.advanceTimersByTimeAsync(15_000);
    asked[0]?.answer();
    expect((await answer).status).toBe(200);
    expect(open()).toEqual([true, false]);
  });

  it('is waited for on the first connection while the second one fails', async () => {
    const answer = fetchAnswer(new Request(url));
    await vi.advanceTimersByTimeAsync(10_000);
    asked[1]?.fail(new TypeError('Failed to fetch'));
    await vi.advanceTimersByTimeAsync(1000);
    asked[0]?.answer();
    expect((await answer).status).toBe(200);
  });

  it('is asked less and less often, on two connections at a time, and for four minutes at most', async () => {
    const failed = vi.fn();
    const answer = fetchAnswer(new Request(url)).catch(failed);
    await vi.advanceTimersByTimeAsync(239_999);
    expect(failed).not.toHaveBeenCalled();
    expect(open()).toEqual([false, false, false, true, true]);
    await vi.advanceTimersByTimeAsync(1);
    await answer;
    expect(failed).toHaveBeenCalledExactlyOnceWith(expect.any(TypeError));
    expect(open()).toEqual([false, false, false, false, false]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an abort', () => {
  it('closes all connections', async () => {
    const controller = new AbortController();
    const answer = fetchAnswer(new Request(url), {signal: controller.signal});
    await vi.advanceTimersByTimeAsync(10_000);
    controller.abort(new Error('left'));
    await expect(answer).rejects.toThrow('left');
    expect(open()).toEqual([false, false]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([true, false])('of the request itself does, too (aborted before: %s)', async (isBefore) => {
    const controller = new AbortController();
    const abort = (): void => controller.abort(new Error('aborted'));
    if (isBefore) {
      abort();
    }
    const answer = fetchAnswer(new Request(url, {signal: controller.signal}));
    if (!isBefore) {
      abort();
    }
    await expect(answer).rejects.toThrow('aborted');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('after the answer ends the body only where it is of the request itself', async () => {
    const [page, request] = [new AbortController(), new AbortController()];
    const answer = fetchAnswer(new Request(url, {signal: request.signal}), {signal: page.signal});
    asked[0]?.answer();
    await answer;
    page.abort();
    expect(open()).toEqual([true]);
    request.abort();
    expect(open()).toEqual([false]);
  });
});
