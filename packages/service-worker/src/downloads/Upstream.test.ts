import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {FileFacts} from './PieceStore.ts';
import {FileChanged, factsOf, partOf, Upstream, UpstreamFailure} from './Upstream.ts';

const HASH = 'a5e6b2c4'.repeat(8);
const ETAG = '"abc"';
const OTHER_HASH = 'b5e6b2c4'.repeat(8);

const ASKED_FOR = 'https://a.test/f';

/** @param url where a redirect has led to. */
const answer = (headers: Record<string, string>, status = 200, url = ASKED_FOR): Response =>
  Object.defineProperties(new Response(new TextEncoder().encode('1234567890'), {status, headers}), {
    url: {value: url},
    redirected: {value: url !== ASKED_FOR},
  });

const whole = (headers: Record<string, string> = {}, url?: string): Response =>
  answer({'content-length': '100', etag: ETAG, ...headers}, 200, url);

const part = (range: string, headers: Record<string, string> = {}, url?: string): Response =>
  answer({'content-range': range, 'content-length': '10', etag: ETAG, ...headers}, 206, url);

const facts: FileFacts = {size: 100, validator: ETAG, headers: []};

describe('the facts of a file', () => {
  it('are told by an answer with the whole of it', () => {
    expect(factsOf(whole({'content-type': 'model/onnx'}))).toEqual({
      size: 100,
      validator: ETAG,
      headers: [
        ['content-length', '100'],
        ['content-type', 'model/onnx'],
        ['etag', ETAG],
      ],
    });
  });

  it('are told by an answer with a part of it, as if it were the whole', () => {
    expect(factsOf(part('bytes 40-49/100', {'content-type': 'model/onnx'}))).toEqual(
      factsOf(whole({'content-type': 'model/onnx'})),
    );
  });

  it('leave out what is of the one answer only', () => {
    const {headers = []} = factsOf(
      whole({vary: 'Origin', age: '7', date: 'Sat, 01 Aug 2026 10:00:00 GMT', 'x-repo-commit': 'fbd996df'}),
    ) as FileFacts;
    expect(headers.map(([name]) => name)).toEqual(['content-length', 'etag', 'x-repo-commit']);
  });

  it.each([
    ['one that does not tell its length', answer({etag: ETAG})],
    ['one that is empty', whole({'content-length': '0'})],
    ['one whose length is no number', whole({'content-length': 'many'})],
    ['one that is encoded: its lengths count other bytes', whole({'content-encoding': 'gzip'})],
    ['a part of one that is encoded', part('bytes 0-9/100', {'content-encoding': 'br'})],
    ['a part that does not tell of how much', part('bytes 0-9/*')],
    ['several parts', answer({'content-type': 'multipart/byteranges; boundary=x'}, 206)],
    ['an answer that is not the file', answer({'content-length': '10'}, 404)],
    ['an answer without ranges that it could have', answer({'content-range': 'bytes */100'}, 416)],
  ])('are not told by %s', (_name, response) => {
    expect(factsOf(response)).toBeUndefined();
  });
});

describe('whether two answers have the same bytes', () => {
  const validator = (headers: Record<string, string>, url?: string) =>
    factsOf(whole(headers, url))?.validator;

  it('is told by a strong ETag', () => {
    expect(validator({etag: ETAG})).toBe(ETAG);
  });

  it.each(['W/"abc"', 'abc', ''])('is not told by the ETag %j', (etag) => {
    expect(validator({etag})).toBeUndefined();
  });

  it.each([`https://cdn.test/x/${HASH}`, `https://cdn.test/x/${HASH}?signature=s`])(
    'is told by the hash at the end of the address, whatever the ETag: %s',
    (url) => {
      expect(validator({etag: ETAG}, url)).toBe(HASH);
      expect(validator({etag: 'W/"abc"'}, url)).toBe(HASH);
    },
  );

  it('is not told by a hash in the address that was asked for, which may stand for anything', () => {
    const headers = {'content-length': '10', etag: ETAG};
    const response = Object.defineProperty(new Response('1234567890', {headers}), 'url', {
      value: `https://cdn.test/x/${HASH}`,
    });
    expect(factsOf(response)?.validator).toBe(ETAG);
  });

  it.each([
    `https://cdn.test/${HASH}/model.onnx`,
    `https://cdn.test/${HASH}0`,
    `https://cdn.test/${HASH.slice(1)}`,
    `https://cdn.test/f?hash=${HASH}`,
  ])('is not told by another number in the address: %s', (url) => {
    expect(validator({etag: ETAG}, url)).toBe(ETAG);
  });
});

describe('what an answer has the body of', () => {
  it('is the part that it says', () => {
    expect(partOf(part('bytes 40-49/100'), facts)).toMatchObject({start: 40, end: 50});
  });

  it('is the whole, where it was not asked for a part or does not give one', () => {
    expect(partOf(whole(), facts)).toEqual({start: 0, end: 100});
    expect(partOf(whole({'content-range': 'bytes 40-49/100'}), facts)).toEqual({start: 0, end: 100});
  });
});

describe('a failure of the host', () => {
  const failure = (status: number, retryAfter?: string) =>
    new UpstreamFailure(answer(retryAfter === undefined ? {} : {'retry-after': retryAfter}, status));

  it.each([403, 408, 425, 429, 500, 502, 503, 504, 599])('passes: %i', (status) => {
    expect(failure(status).isPassing).toBe(true);
  });

  it.each([200, 206, 400, 401, 404, 410, 416])('stays: %i', (status) => {
    expect(failure(status).isPassing).toBe(false);
  });

  it('tells the status', () => {
    expect(failure(503)).toMatchObject({status: 503, message: 'The host answered with 503.'});
  });

  describe('that tells how long it wants to be left alone', () => {
    beforeEach(() => {
      vi.useFakeTimers({now: Date.parse('2026-08-01T10:00:00Z')});
    });

    afterEach(() => {
      vi.useRealTimers();
    });

    it.each([
      ['7', 7000],
      ['0', 0],
      ['120', 120_000],
      ['Sat, 01 Aug 2026 10:01:30 GMT', 90_000],
      ['Sat, 01 Aug 2026 09:00:00 GMT', 0],
    ])('is heard: %s', (retryAfter, ms) => {
      expect(failure(503, retryAfter).retryAfterMs).toBe(ms);
    });

    it.each([undefined, '', '-5', 'soon', 'Sat, 99 Aug'])('is not heard where it says %j', (retryAfter) => {
      expect(failure(503, retryAfter).retryAfterMs).toBe(0);
    });
  });
});

describe('asking for a part', () => {
  let sent: Request[];
  let signals: (AbortSignal | null | undefined)[];
  let answers: (Response | Error)[];
  const {signal} = new AbortController();

  beforeEach(() => {
    sent = [];
    signals = [];
    answers = [];
    vi.stubGlobal('self', {location: new URL('https://page.test/sw.js')});
    vi.stubGlobal('fetch', async (request: Request, init?: RequestInit) => {
      sent.push(request);
      signals.push(init?.signal);
      const next = answers.shift();
      if (!next || next instanceof Error) {
        throw next ?? new TypeError('Failed to fetch');
      }
      return next;
    });
  });

  afterEach(() => {
    vi.unstubAllGlobals();
  });

  const ask = (request = new Request('https://a.test/f'), of: FileFacts = facts) =>
    new Upstream(request, of).ask(40, 50, signal);

  const header = (name: string) => sent[0]?.headers.get(name);

  it('asks for just these bytes, past the cache of the browser', async () => {
    answers = [part('bytes 40-49/100')];
    const {start, end, body} = await ask();
    expect([start, end]).toEqual([40, 50]);
    expect(await new Response(body).text()).toBe('1234567890');
    expect(header('range')).toBe('bytes=40-49');
    expect(sent[0]?.cache).toBe('no-store');
  });

  it('asks in place of a range that the page wanted, with its other headers', async () => {
    answers = [part('bytes 40-49/100')];
    await ask(new Request('https://a.test/f', {headers: {range: 'bytes=1-2', authorization: 'Bearer x'}}));
    expect(header('range')).toBe('bytes=40-49');
    expect(header('authorization')).toBe('Bearer x');
  });

  it('asks an own origin for the same file as before', async () => {
    answers = [part('bytes 40-49/100')];
    await ask(new Request('https://page.test/f'));
    expect(header('if-range')).toBe(ETAG);
  });

  it('asks other origins without a condition, which they would have to be asked about beforehand', async () => {
    answers = [part('bytes 40-49/100')];
    await ask();
    expect(header('if-range')).toBeNull();
  });

  it('makes no condition of a hash, which no host knows', async () => {
    const url = `https://page.test/${HASH}`;
    answers = [part('bytes 40-49/100', {}, url)];
    await ask(new Request('https://page.test/f'), {...facts, validator: HASH});
    expect(header('if-range')).toBeNull();
  });

  it('takes the whole from a host without ranges', async () => {
    answers = [whole()];
    expect(await ask()).toMatchObject({start: 0, end: 100});
  });

  it.each([
    ['another ETag', part('bytes 40-49/100', {etag: '"other"'})],
    ['a weak ETag', part('bytes 40-49/100', {etag: 'W/"abc"'})],
    ['another size', part('bytes 40-49/101')],
    ['another size, as a whole', whole({'content-length': '101'})],
    ['another hash', part('bytes 40-49/100', {}, `https://a.test/${OTHER_HASH}`)],
  ])('tells that the file was replaced: %s', async (_name, response) => {
    answers = [response];
    const cancel = vi.spyOn(response.body as ReadableStream, 'cancel');
    await expect(ask()).rejects.toBeInstanceOf(FileChanged);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('trusts no second answer where nothing tells that it has the same bytes', async () => {
    answers = [part('bytes 40-49/100', {etag: 'W/"abc"'})];
    await expect(ask(undefined, {...facts, validator: undefined})).rejects.toBeInstanceOf(FileChanged);
  });

  it('does not take an error for the part', async () => {
    const response = answer({}, 503);
    answers = [response];
    const cancel = vi.spyOn(response.body as ReadableStream, 'cancel');
    await expect(ask()).rejects.toBeInstanceOf(UpstreamFailure);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it.each([
    ['an encoded part', part('bytes 40-49/100', {'content-encoding': 'gzip'})],
    ['a part of which nobody may read which one it is', answer({'content-length': '10', etag: ETAG}, 206)],
    ['a part that begins behind what was asked for', part('bytes 45-54/100')],
    ['a part that ends before it', part('bytes 10-19/100')],
    ['the whole without a length', answer({etag: ETAG})],
    ['that it is not as long any more', answer({}, 416)],
  ])('has to begin anew when the answer is %s', async (_name, response) => {
    answers = [response];
    const cancel = vi.spyOn(response.body as ReadableStream, 'cancel');
    await expect(ask()).rejects.toBeInstanceOf(FileChanged);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('asks for an element without CORS as a page that reads it would, without credentials of other origins', async () => {
    answers = [part('bytes 40-49/100')];
    const request = new Request(ASKED_FOR, {mode: 'no-cors', credentials: 'include'});
    await ask(request);
    expect(sent.at(-1)).toMatchObject({mode: 'cors', credentials: 'same-origin'});
  });

  it('tells that the network is gone', async () => {
    await expect(ask()).rejects.toThrow('Failed to fetch');
  });

  it('is given up when nobody wants it any more', async () => {
    const controller = new AbortController();
    answers = [part('bytes 40-49/100')];
    await new Upstream(new Request('https://a.test/f'), facts).ask(40, 50, controller.signal);
    expect(signals[0]?.aborted).toBe(false);
    controller.abort();
    expect(signals[0]?.aborted).toBe(true);
  });

  it('asks nothing that nobody wants any more', async () => {
    const upstream = new Upstream(new Request('https://a.test/f'), facts);
    await expect(upstream.ask(40, 50, AbortSignal.abort())).rejects.toMatchObject({name: 'AbortError'});
    expect(sent).toEqual([]);
  });

  it('waits half a minute for a host that says nothing', async () => {
    vi.useFakeTimers();
    vi.stubGlobal(
      'fetch',
      (_request: Request, {signal: given}: RequestInit) =>
        new Promise((_resolve, reject) => {
          given?.addEventListener('abort', () => reject(given.reason));
        }),
    );
    const failed = vi.fn();
    const asked = ask().catch(failed);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await asked;
    expect(failed).toHaveBeenCalledWith(new TypeError('The host does not answer.'));
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('sets no limit to how long the bytes of an answer take', async () => {
    vi.useFakeTimers();
    answers = [part('bytes 40-49/100')];
    await ask();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
