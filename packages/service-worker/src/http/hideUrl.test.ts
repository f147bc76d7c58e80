import {expect, it} from 'vitest';
import {hideUrl} from './hideUrl.ts';

const KEY = 'https://host.test/d3';

const answer = (url: string, redirected: boolean): Response =>
  Object.defineProperties(new Response('code'), {url: {value: url}, redirected: {value: redirected}});

it.each([
  ['its own URL', KEY, false],
  ['a redirected URL without a secret', 'https://host.test/d3@7.9.0/dist/d3.js', true],
  ['no URL', '', false],
])('keeps an answer with %s', (_what, url, redirected) => {
  const response = answer(url, redirected);
  expect(hideUrl(response, KEY)).toBe(response);
});

it.each([
  ['a redirected URL with a secret', 'https://cdn.test/a?Signature=x&Expires=1', true],
  ['a URL of which the key leaves something out', `${KEY}?session=1`, false],
])('hides %s', async (_what, url, redirected) => {
  const hidden = hideUrl(answer(url, redirected), KEY);
  expect([hidden.url, hidden.redirected, await hidden.text()]).toEqual(['', false, 'code']);
});
