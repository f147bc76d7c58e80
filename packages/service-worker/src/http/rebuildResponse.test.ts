import {expect, it} from 'vitest';
import {rebuildResponse} from './rebuildResponse.ts';

it.each([204, 205])('takes the body from an answer that may have none: status %s', async (status) => {
  // Chromium gives such answers of the network one.
  const response = Object.defineProperty(new Response(null, {status}), 'body', {value: new ReadableStream()});

  expect(rebuildResponse(response)).toMatchObject({status, body: null});
});

it('hands over body, status and headers, and forgets the URL', async () => {
  const response = Object.defineProperty(new Response('file', {status: 203, headers: {etag: '"1"'}}), 'url', {
    value: 'https://cdn.example.com/file?Signature=secret',
  });

  const copy = rebuildResponse(response);
  expect([copy.status, copy.headers.get('etag'), copy.url, await copy.text()]).toEqual([
    203,
    '"1"',
    '',
    'file',
  ]);
});
