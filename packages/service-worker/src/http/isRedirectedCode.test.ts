import {expect, it} from 'vitest';
import {isRedirectedCode} from './isRedirectedCode.ts';

const ASKED = 'https://cdn.test/v1/runtime.js?x';
const ELSEWHERE = 'https://cdn.test/v1.2.3/runtime.js';

const answer = (type: string | undefined, url = ELSEWHERE, redirected = true): Response =>
  Object.defineProperties(new Response(null, {headers: type === undefined ? {} : {'content-type': type}}), {
    url: {value: url},
    redirected: {value: redirected},
  });

it.each([
  'text/javascript',
  'application/javascript; charset=utf-8',
  'application/x-javascript',
  'application/ecmascript',
  'text/css',
  'text/css; charset=utf-8',
])('finds %s that was redirected to another folder', (type) => {
  expect(isRedirectedCode({url: ASKED, destination: ''}, answer(type))).toBe(true);
});

it.each(['application/wasm', 'application/octet-stream', 'text/plain', 'x/text/css', '', undefined])(
  'does not mind %s, which imports nothing',
  (type) => {
    expect(isRedirectedCode({url: ASKED, destination: ''}, answer(type))).toBe(false);
  },
);

it.each([
  'https://cdn.test/v1/runtime.js',
  'https://cdn.test/v1/runtime.min.js?signature=secret',
  'https://cdn.test/v1/',
])('does not mind code from the same folder: %s', (url) => {
  expect(isRedirectedCode({url: ASKED, destination: ''}, answer('text/javascript', url))).toBe(false);
});

it.each([
  'https://other.test/v1/runtime.js',
  'http://cdn.test/v1/runtime.js',
  'https://cdn.test/v1/dist/runtime.js',
  'https://cdn.test/runtime.js',
])('takes %s for another folder', (url) => {
  expect(isRedirectedCode({url: ASKED, destination: ''}, answer('text/javascript', url))).toBe(true);
});

it('does not mind code that was not redirected', () => {
  expect(isRedirectedCode({url: ASKED, destination: ''}, answer('text/javascript', ELSEWHERE, false))).toBe(
    false,
  );
});
