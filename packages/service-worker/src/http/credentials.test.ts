import {expect, it} from 'vitest';
import {credentialOf, hasDirective, isPrivate, isSignature} from './credentials.ts';

const URL = 'https://a.test/model.onnx';
const requestWith = (name: string, value = 'x'): Request => new Request(URL, {headers: {[name]: value}});

it.each([
  'authorization',
  'x-api-key',
  'apikey',
  'x-goog-api-key',
  'private-token',
  'job-token',
  'x-auth-token',
  'x-amz-security-token',
  'x-session-id',
  'x-access-key',
])('%s is a credential', (name) => {
  expect(credentialOf(requestWith(name))).toBe(`${name}: x\n`);
});

it.each([
  'accept',
  'range',
  'x-author',
  'x-csrf-token',
  'x-xsrf-token',
  'x-csrftoken',
  'x-idempotency-token',
  'x-amzn-trace-id',
  'traceparent',
  'x-requested-with',
  'if-none-match',
])('%s is none', (name) => {
  expect(credentialOf(requestWith(name))).toBe('');
});

it.each([
  'AWS4-HMAC-SHA256 Credential=AKIA/2026/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=fe5f80',
  'Digest username="a", realm="b", nonce="c", uri="/", response="d"',
  'Hawk id="a", ts="1353832234", nonce="j4h3g2", mac="6R4rV5iE="',
  'OAuth oauth_consumer_key="a", oauth_nonce="b", oauth_signature="c"',
])('%s is new in each request', (value) => {
  expect(isSignature(credentialOf(requestWith('authorization', value)))).toBe(true);
});

it.each(['Bearer hf_secret', 'Basic YTpi', 'token ghp_secret', 'OAuth ya29.secret', 'Bearer eyJh.eyJz.c2ln'])(
  '%s is not',
  (value) => {
    expect(isSignature(credentialOf(requestWith('authorization', value)))).toBe(false);
  },
);

it('a directive is found among others, in any case', () => {
  const has = (value: string, directive: string) =>
    hasDirective(new Response('', {headers: {'cache-control': value}}), directive);
  expect(has('Private, max-age=0', 'private')).toBe(true);
  expect(has('max-age=0,private="set-cookie"', 'private')).toBe(true);
  expect(has('public, x-private', 'private')).toBe(false);
  expect(has('no-cache, NO-STORE', 'no-store')).toBe(true);
  expect(hasDirective(new Response(''), 'no-store')).toBe(false);
});

it('an answer is private where cookies were sent, and its host says so', () => {
  const response = new Response('', {headers: {'cache-control': 'private'}});
  expect(isPrivate({url: URL, credentials: 'include'}, response)).toBe(true);
  expect(isPrivate({url: URL, credentials: 'omit'}, response)).toBe(false);
  expect(isPrivate({url: URL, credentials: 'include'}, new Response(''))).toBe(false);
});
