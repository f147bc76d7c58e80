import {describe, expect, it} from 'vitest';
import {deriveRequest, type RequestChanges} from './deriveRequest.ts';

const url = new URL('/model?token=1', location.href).href;

/** Everything of a request that differs from the default. */
const INIT = {
  cache: 'no-cache',
  credentials: 'include',
  headers: {accept: 'application/wasm', authorization: 'Bearer secret', 'x-one': '1'},
  integrity: 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  keepalive: true,
  mode: 'cors',
  redirect: 'error',
  referrer: new URL('/page', location.href).href,
  referrerPolicy: 'unsafe-url',
} as const satisfies RequestInit;

const shown = (request: Request) => {
  const {method, cache, credentials, integrity, keepalive, mode, redirect, referrer, referrerPolicy} =
    request;
  const headers = Object.fromEntries(request.headers);
  return {
    url: request.url,
    method,
    cache,
    credentials,
    headers,
    integrity,
    keepalive,
    mode,
    redirect,
    referrer,
    referrerPolicy,
  };
};

const original = (init: RequestInit = {}): Request => new Request(url, {...INIT, ...init});

describe('a derived request', () => {
  it.each<[string, RequestChanges, object]>([
    ['nothing', {}, {}],
    ['cache', {cache: 'reload'}, {cache: 'reload'}],
    ['credentials', {credentials: 'omit'}, {credentials: 'omit'}],
    ['mode', {mode: 'same-origin'}, {mode: 'same-origin'}],
    ['signal', {signal: new AbortController().signal}, {}],
    ['a header', {headers: {range: 'bytes=0-0'}}, {headers: {...INIT.headers, range: 'bytes=0-0'}}],
    ['a header that it has', {headers: {'X-One': '2'}}, {headers: {...INIT.headers, 'x-one': '2'}}],
    ['no header', {headers: {}}, {}],
    [
      'a header less',
      {headers: {Authorization: null, 'x-two': null}},
      {headers: {accept: INIT.headers.accept, 'x-one': '1'}},
    ],
    [
      'fields that are undefined',
      {cache: undefined, credentials: undefined, mode: undefined, signal: undefined, headers: undefined},
      {},
    ],
  ] as [string, RequestChanges, object][])('keeps the rest when it changes %s', (_what, changes, differs) => {
    expect(shown(deriveRequest(original(), changes))).toEqual({...shown(original()), ...differs});
  });

  it.each(['cors', 'no-cors', 'same-origin'] as const)('keeps the mode %s', (mode) => {
    const request = new Request(url, {mode});
    expect(deriveRequest(request, {credentials: 'omit'}).mode).toBe(mode);
  });

  it.each(['default', 'no-store', 'reload', 'no-cache', 'force-cache'] as const)(
    'keeps the cache mode %s',
    (cache) => {
      expect(deriveRequest(original({cache}), {headers: {range: 'bytes=0-0'}}).cache).toBe(cache);
    },
  );

  it.each([
    ['the page’s', undefined, 'about:client'],
    ['none', '', ''],
    ['one of its own', '/page', INIT.referrer],
  ])('keeps the referrer: %s', (_what, referrer, expected) => {
    const request = original({referrer});
    // `INIT` has one, which `undefined` does not replace by the default.
    const source = referrer === undefined ? new Request(url) : request;
    expect(deriveRequest(source, {cache: 'reload'}).referrer).toBe(expected);
  });

  it.each(['', 'no-referrer', 'origin', 'strict-origin-when-cross-origin', 'unsafe-url'] as const)(
    'keeps the referrer policy %j',
    (referrerPolicy) => {
      const {referrerPolicy: kept} = deriveRequest(original({referrerPolicy}), {credentials: 'omit'});
      expect(kept).toBe(referrerPolicy);
    },
  );

  it('is aborted with the original', () => {
    const controller = new AbortController();
    const derived = deriveRequest(original({signal: controller.signal}), {cache: 'reload'});
    expect(derived.signal.aborted).toBe(false);
    controller.abort(new Error('left'));
    expect(derived.signal.aborted).toBe(true);
    expect(derived.signal.reason).toEqual(new Error('left'));
  });

  it('is aborted by a signal of its own alone', () => {
    const [outer, own] = [new AbortController(), new AbortController()];
    const derived = deriveRequest(original({signal: outer.signal}), {signal: own.signal});
    outer.abort();
    expect(derived.signal.aborted).toBe(false);
    own.abort();
    expect(derived.signal.aborted).toBe(true);
  });

  it('may have a header that only requests with CORS may have, when it gets that mode', () => {
    const request = new Request(url, {mode: 'no-cors'});
    const changes: RequestChanges = {headers: {'if-none-match': '"1"'}};
    expect(deriveRequest(request, changes).headers.get('if-none-match')).toBeNull();
    expect(deriveRequest(request, {...changes, mode: 'cors'}).headers.get('if-none-match')).toBe('"1"');
  });

  it.each<[string, RequestInit, RequestChanges]>([
    ['has nothing to change', {}, {}],
    ['is asked for what it says already', {}, {cache: 'no-cache', credentials: 'include', mode: 'cors'}],
    ['has the header already', {}, {headers: {'x-one': '1', 'x-two': null}}],
  ])('is the page’s own when it %s', (_what, init, changes) => {
    const request = original(init);
    expect(deriveRequest(request, changes)).toBe(request);
  });

  it('keeps the body of the original, and has a body of its own', async () => {
    const request = new Request(url, {method: 'POST', body: 'body'});
    const derived = deriveRequest(request, {cache: 'reload'});
    expect([await derived.text(), await request.text()]).toEqual(['body', 'body']);
  });

  it('may have another integrity, as a request for a part needs', () => {
    expect(deriveRequest(original(), {integrity: ''}).integrity).toBe('');
  });

  it('has the options of a strategy, and no other referrer', () => {
    const fetchOptions = {credentials: 'omit', headers: {'x-two': '2'}} as const;
    const derived = shown(deriveRequest(original(), {fetchOptions}));
    expect(derived).toEqual({...shown(original()), ...fetchOptions});
  });

  describe('of a media element, which asks for a part without CORS', () => {
    /** As the browser makes one: no script can. */
    const part = (): Request =>
      Object.defineProperties(new Request(url, {mode: 'no-cors'}), {
        headers: {value: new Headers({range: 'bytes=5-'})},
      });

    it.each<[string, RequestChanges]>([
      ['a signal', {signal: new AbortController().signal}],
      ['a cache mode', {cache: 'reload'}],
    ])('is the element’s own where only %s differs, since a copy would lose the range', (_what, changes) => {
      const request = part();
      expect(deriveRequest(request, changes)).toBe(request);
    });

    it('is another one where it must be', () => {
      expect(deriveRequest(part(), {credentials: 'omit'}).credentials).toBe('omit');
    });
  });

  it('leaves the original as it was', () => {
    const request = original();
    const before = shown(request);
    deriveRequest(request, {
      cache: 'reload',
      credentials: 'omit',
      headers: {authorization: null, range: 'bytes=0-0'},
    });
    expect(shown(request)).toEqual(before);
  });
});
