import {expect, it} from 'vitest';
import {shownText, shownUrl} from './shownUrl.ts';

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
  ['https://user:se@cret@a.test/model', 'https://a.test/model'],
  ['https:user:secret@a.test/model', 'https:a.test/model'],
  ['https:\\\\user:secret@a.test\\model', 'https:\\\\a.test\\model'],
  [
    'https://a.test/bcdn_token=HS256-secret&expires=1/videos/a.m3u8',
    'https://a.test/bcdn_token=…/videos/a.m3u8',
  ],
  ['https://a.test/hdnts=exp=1~acl=/*~hmac=secret/a', 'https://a.test/hdnts=…/*~hmac=…/a'],
  ['https://a.test/p/Aa0bCcDdEeFfGgHhIiJj-_x/n/ns/b/c/o/a.onnx', 'https://a.test/…/ns/b/c/o/a.onnx'],
  [
    'https://a.test/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN/a',
    'https://a.test/…/a',
  ],
  ['https://a.test/DMF1ucDxtHCxwYQ_-abc12,1767225600/a', 'https://a.test/…/a'],
  ['https://a.test/DMF1ucDxtHCxwYQ_-abc12==,1767225600/a', 'https://a.test/…/a'],
  ['https://a.test/p/Aa0b-CcDdEe_FfGgHhIi-Jj/n/ns/b/c/o/a.onnx', 'https://a.test/…/ns/b/c/o/a.onnx'],
  ['https://a.test/202601010000/0123456789abcdef0123456789abcdef/a', 'https://a.test/…/a'],
  ['https://a.test/0123456789abcdef0123456789abcdef/65f1a2b3/a', 'https://a.test/…/a'],
  ['https://a.test/image/s--5ec1e7aa--/a.png', 'https://a.test/image/…/a.png'],
  ['https://a.test/p/1/ks/5ec1e7/a.mp4', 'https://a.test/p/1/…/a.mp4'],
  ['https://a.test/file/bot123456789:AAF-x_0123456789-bcdef/a', 'https://a.test/file/…/a'],
  ['https://a.test/disk/eyJfcmFpbHMiOns--0123456789abcdef/a.bin', 'https://a.test/disk/…/a.bin'],
  ['https://a.test/proxy/https://me:secret@b.test/a', 'https://a.test/proxy/https://b.test/a'],
  ['https://a.test/https%3A%2F%2Fme%3Asecret%40b.test%2Fa', 'https://a.test/https%3A%2F%2Fb.test%2Fa'],
  ['https://a.test/https%3A%2F%2Fb.test%2Fa%3Fsig%3Dsecret', 'https://a.test/https%3A%2F%2Fb.test%2Fa'],
  [
    'https://a.test/https%3A%2F%2Fb.test%2F%40scope%2Fa',
    'https://a.test/https%3A%2F%2Fb.test%2F%40scope%2Fa',
  ],
  // What names a file stays: a commit, a digest, a long name.
  [
    'https://a.test/fbd996df9489a76f0e1323311a17e9dccdbde88b/a',
    'https://a.test/fbd996df9489a76f0e1323311a17e9dccdbde88b/a',
  ],
  [
    'https://a.test/Meta-Llama-3-8B-Instruct-GGUF/Q4_K_M.gguf',
    'https://a.test/Meta-Llama-3-8B-Instruct-GGUF/Q4_K_M.gguf',
  ],
  ['https://a.test/chunkAbcdefghijklmnopqr12.js', 'https://a.test/chunkAbcdefghijklmnopqr12.js'],
  ['package@1.2.3/file.js', 'package@1.2.3/file.js'],
  ['', ''],
])('shows %j as %j', (url, shown) => {
  expect(shownUrl(url)).toBe(shown);
});

it.each([
  [
    'Request cannot be constructed from a URL that includes credentials: https://me:secret@a.test/a?token=secret',
    'Request cannot be constructed from a URL that includes credentials: https://a.test/a',
  ],
  ["'https://a.test/a#access_token=secret' failed", "'https://a.test/a' failed"],
  ["'https://a.test/it's?token=secret' failed", "'https://a.test/it's' failed"],
  ["https://me:pass'word@a.test/a failed", 'https://a.test/a failed'],
  ['not found', 'not found'],
])('shows %j as %j', (text, shown) => {
  expect(shownText(text)).toBe(shown);
});

it('shows a long URL in linear time', () => {
  for (const part of [
    '/',
    '://',
    '%3a%2f%2f',
    '%3fa',
    '/p/',
    `/${'a'.repeat(43)}`,
    '/eyJ',
    "a://'",
    '@',
    'aA0',
  ]) {
    expect(shownText(`https://host.test/${part.repeat(Math.ceil(300_000 / part.length))}`)).toBeTypeOf(
      'string',
    );
  }
});
