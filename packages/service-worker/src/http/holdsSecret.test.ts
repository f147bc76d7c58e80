import {expect, it} from 'vitest';
import {holdsSecret} from './holdsSecret.ts';

const HEX = '0123456789abcdef0123456789abcdef';

it.each([
  'https://user:secret@host.test/a',
  'https://host.test/a?X-Amz-Signature=5ec1e7',
  'https://host.test/a?v=1&token=abc',
  'https://host.test/a?access_token=x1',
  'https://host.test/a?jwt=a.b.c',
  `https://host.test/a?md5=${HEX}&expires=1`,
  `https://host.test/a?hm=${HEX}`,
  `https://host.test/a?auth_key=1700000000-0-0-${HEX}`,
  `https://host.test/hdnts=exp=1~acl=*~hmac=${HEX}/a`,
  `https://host.test/bcdn_token=HS256-${HEX}&expires=1/a`,
  `https://host.test/${HEX}/65f1a2b3/a.bin`,
  `https://host.test/202401010000/${HEX}/a.bin`,
  `https://host.test/a?${HEX}${HEX}${HEX}`,
  `https://host.test/a?v=1&1767225600_${HEX}`,
  'https://host.test/file/bot123456789:AAF-x_0123456789-bcdef/a',
  'https://host.test/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.dozjgNryP4J3jVmN/a',
  'https://host.test/DMF1ucDxtHCxwYQ_-abc12/1767225600/a',
  'https://host.test/DMF1ucDxtHCxwYQ_-abc12/e=1767225600/a',
  'https://host.test/proxy/https://me:secret@b.test/a',
  'https://host.test/proxy/https%3A%2F%2Fb.test%2Fa%3Fsig%3Dsecret',
  `https://host.test/a;session=x`,
  'https://host.test/a?q=Zm9vYmFyYmF6cXV4MTIz',
])('finds the secret in %s', (url) => {
  expect(holdsSecret(url)).toBe(true);
});

it.each([
  '',
  'https://host.test/',
  'https://unpkg.com/d3@7.9.0/dist/d3.js',
  'https://unpkg.com/@scope/name@1.0.0/dist/index.js?module',
  'https://esm.sh/react@18.2.0/es2022/react.mjs?target=es2022&deps=a@1.0.0,b@2.0.0',
  'https://host.test/a?v=1.2.3',
  'https://host.test/a?download=true',
  'https://host.test/a?file=some-name.onnx',
  `https://host.test/${HEX}/a.js`,
  `https://host.test/api/resolve-cache/models/org/model/${HEX}01234567/config.json`,
  'https://host.test/a@b/c',
  'https://host.test/https%3A%2F%2Fb.test%2F%40scope%2Fa',
  'https://host.test/token/sentencepiece-tokenizer-model/a',
  'https://host.test/a.js?0123456789abcdef0123',
])('finds none in %s', (url) => {
  expect(holdsSecret(url)).toBe(false);
});

it('reads a long URL in linear time', () => {
  for (const part of [
    '?a=',
    '/',
    '?',
    '&0a',
    '://',
    '%3a%2f%2f',
    '%3fsig',
    'sig',
    '/eyJ',
    '/aaaaaaaaaaaaaaaaaaaa',
    '0'.repeat(31),
    '&token',
    'a.',
    '~',
    `/${HEX}/1234567890`,
  ]) {
    expect(holdsSecret(`https://host.test/${part.repeat(Math.ceil(500_000 / part.length))}`)).toBeTypeOf(
      'boolean',
    );
  }
});
