import {expect, it} from 'vitest';
import {bodyBytes} from './bodyBytes.ts';

const response = (headers: Record<string, string>, type = 'basic') =>
  Object.defineProperty(new Response('twelve bytes', {headers}), 'type', {value: type});

it('trusts Content-Length where nothing is compressed', async () => {
  const headers = {'content-type': 'application/octet-stream', 'content-length': '60000000'};
  expect(await bodyBytes(response(headers))).toBe(60_000_000);
});

it.each(['cors', 'default'])(
  'measures the body of another origin, which may hide its encoding (%s)',
  async (type) => {
    const headers = {'content-type': 'application/octet-stream', 'content-length': '5'};
    expect(await bodyBytes(response(headers, type))).toBe(12);
  },
);

it.each([
  [
    'the response has a Content-Encoding',
    {'content-type': 'application/octet-stream', 'content-encoding': 'br'},
  ],
  ['the host may hide a Content-Encoding', {'content-type': 'text/javascript; charset=utf-8'}],
  ['the type is wasm', {'content-type': 'application/wasm'}],
])('measures the body where %s', async (_why, headers) => {
  expect(await bodyBytes(response({...headers, 'content-length': '5'}))).toBe(12);
});

it('measures the body where Content-Length is missing', async () => {
  expect(await bodyBytes(response({'content-type': 'application/octet-stream'}))).toBe(12);
});
