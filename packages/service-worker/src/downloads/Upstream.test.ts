import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {FileFacts} from './PieceStore.ts';
import {FileChanged, factsOf, partOf, Upstream, UpstreamFailure} from './Upstream.ts';

const HASH = 'a5e6b2c4'.repeat(8);
const ETAG = '"abc"';
const OTHER_HASH = 'b5e6b2c4'.repeat(8);

const ASKED_FOR = 'https://a.test/f';

/** @param url where a redirect led to. */
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
  it('are in an answer with the whole file', () => {
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

  it('are the same in an answer with a part', () => {
    expect(factsOf(part('bytes 40-49/100', {'content-type': 'model/onnx'}))).toEqual(
      factsOf(whole({'content-type': 'model/onnx'})),
    );
  });

  it('say by which headers of a request the answer tells accounts apart', () => {
    const vary = (response: Response, request?: Request) =>
      new Headers(factsOf(response, request)?.headers).get('vary');
    const byCors = (headers: Record<string, string> = {}) =>
      Object.defineProperty(whole(headers), 'type', {value: 'cors'});
    const signedIn = new Request(ASKED_FOR, {headers: {authorization: 'Bearer a'}});
    expect(vary(whole({vary: 'Origin, Authorization, Accept, X-Api-Key'}))).toBe('authorization, x-api-key');
    expect(vary(byCors(), signedIn)).toBe('authorization');
    expect(vary(byCors({vary: 'Origin'}), signedIn)).toBeNull();
    expect(vary(byCors())).toBeNull();
    expect(vary(whole(), signedIn)).toBeNull();
  });

  it('say whether another origin may hide that the length counts other bytes', () => {
    const byCors = Object.defineProperty(whole(), 'type', {value: 'cors'});
    expect(factsOf(byCors)?.isGuess).toBe(true);
    expect(factsOf(whole())?.isGuess).toBeUndefined();
  });

  it('leave out headers of the one answer', () => {
    const {headers = []} = factsOf(
      whole({vary: 'Origin', age: '7', date: 'Sat, 01 Aug 2026 10:00:00 GMT', 'x-repo-commit': 'fbd996df'}),
    ) as FileFacts;
    expect(headers.map(([name]) => name)).toEqual(['content-length', 'etag', 'x-repo-commit']);
  });

  it.each([
    ['an answer without a length', answer({etag: ETAG})],
    ['an empty file', whole({'content-length': '0'})],
    ['an answer whose length is no number of bytes', whole({'content-length': '1e9'})],
    ['a part whose length is another one', part('bytes 0-4/100')],
    ['a part behind the end of its file', part('bytes 0-9/5')],
    ['an answer whose length is no number', whole({'content-length': 'many'})],
    ['an encoded answer, whose length counts other bytes', whole({'content-encoding': 'gzip'})],
    ['a part of an encoded file', part('bytes 0-9/100', {'content-encoding': 'br'})],
    ['a part without the size of the file', part('bytes 0-9/*')],
    ['several parts', answer({'content-type': 'multipart/byteranges; boundary=x'}, 206)],
    ['an error', answer({'content-length': '10'}, 404)],
    ['an answer without any range', answer({'content-range': 'bytes */100'}, 416)],
  ])('are not in %s', (_name, response) => {
    expect(factsOf(response)).toBeUndefined();
  });
});

describe('the validator', () => {
  const validator = (headers: Record<string, string>, url?: string) =>
    factsOf(whole(headers, url))?.validator;

  it('is a strong ETag', () => {
    expect(validator({etag: ETAG})).toBe(ETAG);
  });

  it.each(['W/"abc"', 'abc', ''])('is not the ETag %j', (etag) => {
    expect(validator({etag})).toBeUndefined();
  });

  it.each([`https://cdn.test/x/${HASH}`, `https://cdn.test/x/${HASH}?signature=s`])(
    'is the hash at the end of a redirected URL, whatever the ETag: %s',
    (url) => {
      expect(validator({etag: ETAG}, url)).toBe(HASH);
      expect(validator({etag: 'W/"abc"'}, url)).toBe(HASH);
    },
  );

  it('is not a hash in the requested URL, which may stand for anything', () => {
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
  ])('is not another number in the URL: %s', (url) => {
    expect(validator({etag: ETAG}, url)).toBe(ETAG);
  });
});

describe('the part that an answer has', () => {
  it('is the one that it names', () => {
    expect(partOf(part('bytes 40-49/100'), facts)).toMatchObject({start: 40, end: 50});
  });

  it('is the whole file for a status of 200', () => {
    const all = {start: 0, end: 100, isWhole: true};
    expect(partOf(whole(), facts)).toEqual(all);
    expect(partOf(whole({'content-range': 'bytes 40-49/100'}), facts)).toEqual(all);
  });
});

describe('a failure of the host', () => {
  const failure = (status: number, retryAfter?: string) =>
    new UpstreamFailure(answer(retryAfter === undefined ? {} : {'retry-after': retryAfter}, status));

  it.each([403, 408, 425, 429, 500, 502, 503, 504, 599])('may pass: %i', (status) => {
    expect(failure(status).isPassing).toBe(true);
  });

  it.each([200, 206, 400, 401, 404, 410, 416])('does not pass: %i', (status) => {
    expect(failure(status).isPassing).toBe(false);
  });

  it('has the status', () => {
    expect(failure(503)).toMatchObject({status: 503, message: 'The host answered with 503.'});
  });

  describe('with a Retry-After', () => {
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

describe('a request for a part', () => {
  let sent: Request[];
  let answers: (Response | Error)[];
  const {signal} = new AbortController();

  beforeEach(() => {
    sent = [];
    answers = [];
    vi.stubGlobal('self', {location: new URL('https://page.test/sw.js')});
    vi.stubGlobal('fetch', async (request: Request) => {
      sent.push(request);
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

  /** What a silent host does. */
  const untilAborted = (given: RequestInit['signal']): Promise<never> =>
    new Promise((_resolve, reject) => {
      given?.addEventListener('abort', () => reject(given.reason));
    });

  const header = (name: string) => sent[0]?.headers.get(name);

  it('asks for just these bytes, past the HTTP cache', async () => {
    answers = [part('bytes 40-49/100')];
    const {start, end, body} = await ask();
    expect([start, end]).toEqual([40, 50]);
    expect(await new Response(body).text()).toBe('1234567890');
    expect(header('range')).toBe('bytes=40-49');
    expect(sent[0]?.cache).toBe('no-store');
  });

  it('replaces the range of the page, and keeps its other headers', async () => {
    answers = [part('bytes 40-49/100')];
    await ask(new Request('https://a.test/f', {headers: {range: 'bytes=1-2', authorization: 'Bearer x'}}));
    expect(header('range')).toBe('bytes=40-49');
    expect(header('authorization')).toBe('Bearer x');
  });

  it('has an If-Range for the page’s own origin', async () => {
    answers = [part('bytes 40-49/100')];
    await ask(new Request('https://page.test/f'));
    expect(header('if-range')).toBe(ETAG);
  });

  it('has no If-Range for another origin, which would take a preflight', async () => {
    answers = [part('bytes 40-49/100')];
    await ask();
    expect(header('if-range')).toBeNull();
  });

  it('has no If-Range with a hash, which no host knows', async () => {
    const url = `https://page.test/${HASH}`;
    answers = [part('bytes 40-49/100', {}, url)];
    await ask(new Request('https://page.test/f'), {...facts, validator: HASH});
    expect(header('if-range')).toBeNull();
  });

  it('takes the whole file from a host without ranges', async () => {
    answers = [whole()];
    expect(await ask()).toMatchObject({start: 0, end: 100});
  });

  it.each([
    ['another ETag', part('bytes 40-49/100', {etag: '"other"'})],
    ['a weak ETag', part('bytes 40-49/100', {etag: 'W/"abc"'})],
    ['another size', part('bytes 40-49/101')],
    ['another size, as a whole', whole({'content-length': '101'})],
    ['another hash', part('bytes 40-49/100', {}, `https://a.test/${OTHER_HASH}`)],
  ])('rejects when the file was replaced: %s', async (_name, response) => {
    answers = [response];
    const cancel = vi.spyOn(response.body as ReadableStream, 'cancel');
    await expect(ask()).rejects.toBeInstanceOf(FileChanged);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('rejects without a validator', async () => {
    answers = [part('bytes 40-49/100', {etag: 'W/"abc"'})];
    await expect(ask(undefined, {...facts, validator: undefined})).rejects.toBeInstanceOf(FileChanged);
  });

  it.each([401, 404, 410, 429, 503])('rejects with the answer of the host: %i', async (status) => {
    const response = answer({}, status);
    answers = [response];
    await expect(ask()).rejects.toMatchObject({name: 'UpstreamFailure', status, response});
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['an encoded part', part('bytes 40-49/100', {'content-encoding': 'gzip'})],
    ['a part with a hidden Content-Range', answer({'content-length': '10', etag: ETAG}, 206)],
    ['a part that is longer than its Content-Range', part('bytes 40-44/100')],
    ['a part that is shorter than its Content-Range', part('bytes 40-99/100')],
    ['a part that begins behind the requested one', part('bytes 45-54/100')],
    ['a part that begins before it', part('bytes 35-44/100')],
    ['a part behind the end of its file', part('bytes 40-49/45')],
    ['400', answer({}, 400)],
    ['501', answer({}, 501)],
    ['an answer without CORS', new TypeError('Failed to fetch')],
  ])('is one for the whole file where the host refuses ranges: %s', async (_name, refusal) => {
    answers = [refusal, whole(), refusal instanceof Response ? refusal.clone() : refusal];
    expect(await ask()).toMatchObject({start: 0, end: 100, isWhole: true});
    expect(sent[1]?.headers.get('range')).toBeNull();
  });

  it('is sent twice where a signature may have expired', async () => {
    answers = [answer({}, 403), part('bytes 40-49/100')];
    expect(await ask()).toMatchObject({start: 40, end: 50});
  });

  it('is one for the whole file where a host forbids ranges', async () => {
    answers = [answer({}, 403), answer({}, 403), whole()];
    expect(await ask()).toMatchObject({start: 0, end: 100, isWhole: true});
  });

  it('is one for a range where that was refused once', async () => {
    answers = [new TypeError('Failed to fetch'), whole(), part('bytes 40-49/100')];
    expect(await ask()).toMatchObject({start: 40, end: 50});
  });

  it('fails as the host does where it does not answer one for the whole file either', async () => {
    answers = [answer({}, 403), answer({}, 403), answer({}, 403)];
    await expect(ask()).rejects.toMatchObject({name: 'UpstreamFailure', status: 403});
    expect(sent.map(({headers}) => headers.get('range'))).toEqual(['bytes=40-49', 'bytes=40-49', null]);
  });

  it('has no condition of the page', async () => {
    answers = [part('bytes 40-49/100')];
    await ask(new Request('https://a.test/f', {headers: {'if-none-match': '"x"', 'if-range': '"x"'}}));
    expect([header('if-none-match'), header('if-range')]).toEqual([null, null]);
  });

  it.each([
    ['the whole file without a length', answer({etag: ETAG})],
    ['a file that became shorter', answer({}, 416)],
  ])('rejects so that the file is fetched anew: %s', async (_name, response) => {
    answers = [response];
    const cancel = vi.spyOn(response.body as ReadableStream, 'cancel');
    await expect(ask()).rejects.toBeInstanceOf(FileChanged);
    expect(cancel).toHaveBeenCalledOnce();
  });

  it('uses CORS for an element without it, without credentials for other origins', async () => {
    answers = [part('bytes 40-49/100')];
    const request = new Request(ASKED_FOR, {mode: 'no-cors', credentials: 'include'});
    await ask(request);
    expect(sent.at(-1)).toMatchObject({mode: 'cors', credentials: 'same-origin'});
  });

  it('rejects when the network is gone', async () => {
    await expect(ask()).rejects.toThrow('Failed to fetch');
  });

  it('is closed on an abort, also when the host has answered', async () => {
    const controller = new AbortController();
    answers = [part('bytes 40-49/100')];
    const {body} = await new Upstream(new Request('https://a.test/f'), facts).ask(40, 50, controller.signal);
    const cancel = vi.spyOn(body, 'cancel');
    controller.abort();
    expect(cancel).toHaveBeenCalledOnce();

    vi.stubGlobal('fetch', ({signal: given}: Request) => untilAborted(given));
    const again = new AbortController();
    const asked = new Upstream(new Request('https://a.test/f'), facts).ask(40, 50, again.signal);
    again.abort();
    await expect(asked).rejects.toMatchObject({name: 'AbortError'});
  });

  it('is not sent after an abort', async () => {
    const upstream = new Upstream(new Request('https://a.test/f'), facts);
    await expect(upstream.ask(40, 50, AbortSignal.abort())).rejects.toMatchObject({name: 'AbortError'});
    expect(sent).toEqual([]);
  });

  it('waits for a silent host as long as a first request does', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('fetch', ({signal: given}: Request) => untilAborted(given));
    const failed = vi.fn();
    const asked = ask().catch(failed);
    await vi.advanceTimersByTimeAsync(239_999);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await asked;
    expect(failed).toHaveBeenCalledWith(new TypeError('Nothing arrives on the connection any more.'));
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });

  it('sets no limit to the body', async () => {
    vi.useFakeTimers();
    answers = [part('bytes 40-49/100')];
    await ask();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
