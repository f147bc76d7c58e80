import {expect, it} from 'vitest';
import {shownUrl} from './shownUrl.ts';

it.each([
  ['https://a.test/model', 'https://a.test/model'],
  ['https://a.test/model?Signature=secret', 'https://a.test/model'],
  ['https://a.test/model?a=1?b=2&token=secret#part', 'https://a.test/model'],
  ['https://a.test/model#access_token=secret', 'https://a.test/model'],
  ['https://a.test/model#part?token=secret', 'https://a.test/model'],
  ['https://a.test/model?x=\nsecret', 'https://a.test/model'],
  ['https://user:secret@a.test/model', 'https://a.test/model'],
  ['https://user@a.test:8080/model', 'https://a.test:8080/model'],
  ['https://a.test?token=secret', 'https://a.test'],
  ['https://unpkg.com/@scope/name@1.2.3/file.js', 'https://unpkg.com/@scope/name@1.2.3/file.js'],
  ['/relative/model?token=secret', '/relative/model'],
  ['//user:secret@a.test/model', '//a.test/model'],
  ['', ''],
])('shows %j as %j', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});
