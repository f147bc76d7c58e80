import {expect, it} from 'vitest';
import {withoutUrls} from './withoutUrls.ts';

it('deletes headers that hold a URL with a query, and keeps everything else', async () => {
  const headers = {
    'content-location': 'https://a.test/a?Signature=secret',
    link: '<https://a.test/b?token=secret>; rel="preload"',
    location: '/c',
    'content-type': 'text/plain',
  };
  const stored = withoutUrls(new Response('body', {status: 201, headers}));
  expect(Object.fromEntries(stored.headers)).toEqual({location: '/c', 'content-type': 'text/plain'});
  expect([stored.status, await stored.text()]).toEqual([201, 'body']);
});

it('returns the answer itself where there is nothing to delete', () => {
  const response = new Response('body', {headers: {'content-location': '/a'}});
  expect(withoutUrls(response)).toBe(response);
});
