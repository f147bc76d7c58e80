import {describe, expect, it} from 'vitest';
import {isolated} from './isolated.ts';

const own = new Request('/app/');
const foreign = new Request('https://assets.test/model.onnx');
const PAGE = {'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'credentialless'};

/** Makes the request of an element or a worker. Code cannot make one with a destination. */
const requestFor = (url: string, destination: string): Request =>
  Object.defineProperty(new Request(url), 'destination', {value: destination});

const redirected = (url = 'https://assets.test/other/code'): Response =>
  Object.defineProperties(new Response('code'), {redirected: {value: true}, url: {value: url}});

describe('an answer of the page’s own origin', () => {
  it('gets both policies, keeps all else, and lets no other site embed it', async () => {
    const headers = {'content-type': 'text/html', 'last-modified': 'Wed, 21 Oct 2026 07:28:00 GMT'};
    const answer = new Response('page', {status: 201, statusText: 'Made', headers});
    const response = isolated(own, answer, 'credentialless');

    expect([response.status, response.statusText, await response.text()]).toEqual([201, 'Made', 'page']);
    expect(Object.fromEntries(response.headers)).toEqual({...headers, ...PAGE});
  });

  it('is returned unchanged when it has them', () => {
    const answer = new Response('page', {headers: PAGE});
    expect(isolated(own, answer, 'credentialless')).toBe(answer);
  });

  it('keeps the policies of its host', () => {
    const headers = {
      'cross-origin-opener-policy': 'same-origin-allow-popups',
      'cross-origin-embedder-policy': 'require-corp; report-to="coep"',
    };
    const answer = new Response('page', {headers});
    expect(isolated(own, answer, 'credentialless')).toBe(answer);
  });

  it('gets only the missing one', () => {
    const answer = new Response('page', {
      headers: {'cross-origin-opener-policy': 'same-origin-allow-popups'},
    });
    expect(Object.fromEntries(isolated(own, answer, 'require-corp').headers)).toMatchObject({
      'cross-origin-opener-policy': 'same-origin-allow-popups',
      'cross-origin-embedder-policy': 'require-corp',
    });
  });

  it('gets the current policy when it was stored under the other one', () => {
    const stored = isolated(own, new Response('page'), 'credentialless');
    const response = isolated(own, stored, 'require-corp');
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
  });

  it.each([204, 205, 304])('has no body with status %i', (status) => {
    // In Chromium such an answer from the network has a body all the same.
    const answer = new Response(null, {status});
    Object.defineProperty(answer, 'body', {value: new Response('').body});
    expect(isolated(own, answer, 'credentialless')).toMatchObject({status, body: null});
  });
});

describe('an answer of another origin', () => {
  it('gets a header that lets pages embed it', () => {
    const response = isolated(foreign, new Response('model'), 'require-corp');
    expect([...response.headers.keys()]).toEqual(['content-type', 'cross-origin-resource-policy']);
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  it.each(['cross-origin', 'same-site', 'same-origin'])('keeps the policy of its host: %s', (policy) => {
    const answer = new Response('model', {headers: {'cross-origin-resource-policy': policy}});
    expect(isolated(foreign, answer, 'require-corp')).toBe(answer);
  });
});

it.each([
  ['status 0, as an opaque one has', Response.error()],
  [
    'a status that no response can be built with',
    Object.defineProperty(new Response(), 'status', {value: 999}),
  ],
])('leaves an answer unchanged that has %s', (_what, answer) => {
  expect(isolated(foreign, answer, 'require-corp')).toBe(answer);
});

it.each(['script', 'style', 'worker', 'sharedworker'])(
  'leaves a %s unchanged that was redirected to another folder',
  (destination) => {
    const answer = redirected();
    expect(isolated(requestFor('/code', destination), answer, 'require-corp')).toBe(answer);
  },
);

it.each(['', 'document', 'image', 'font'])('adds headers to a redirected "%s"', (destination) => {
  const answer = redirected();
  expect(isolated(requestFor('/file', destination), answer, 'require-corp')).not.toBe(answer);
});

it('adds headers to a script that was redirected in its folder', () => {
  const answer = redirected(new URL('/code.min.js', location.origin).href);
  expect(isolated(requestFor('/code.js', 'script'), answer, 'require-corp')).not.toBe(answer);
});
