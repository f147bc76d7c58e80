import {describe, expect, it} from 'vitest';
import {answerFromStored} from './answerFromStored.ts';

const BODY = '0123456789';

const whole = (init?: ResponseInit): Response =>
  new Response(BODY, {
    headers: {'content-type': 'application/wasm', 'content-encoding': 'gzip', etag: '"a"'},
    ...init,
  });

const ask = (headers: Record<string, string>, response = whole()): Promise<Response> =>
  answerFromStored(new Request('https://assets.example.com/a', {headers}), response);

describe('a single range', () => {
  it.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['Bytes= 2-4 ', '234', 'bytes 2-4/10'],
    // Ends behind the body are cut: clients read a file whose length they do not know in blocks.
    ['bytes=0-9', BODY, 'bytes 0-9/10'],
    ['bytes=8-10', '89', 'bytes 8-9/10'],
    ['bytes=8-99999999999', '89', 'bytes 8-9/10'],
    ['bytes=-99', BODY, 'bytes 0-9/10'],
  ])('%s is answered with these bytes', async (range, body, contentRange) => {
    const response = await ask({range});
    expect(response.status).toBe(206);
    expect(await response.text()).toBe(body);
    expect(Object.fromEntries(response.headers)).toEqual({
      'accept-ranges': 'bytes',
      'content-length': `${body.length}`,
      'content-range': contentRange,
      'content-type': 'application/wasm',
      etag: '"a"',
    });
  });

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=99-100', 'bytes=-0'])(
    '%s is not satisfiable',
    async (range) => {
      const response = await ask({range});
      expect(response.status).toBe(416);
      expect(response.headers.get('content-range')).toBe('bytes */10');
      expect(await response.text()).toBe('');
    },
  );
});

describe('the response itself is the answer', () => {
  it.each([
    ['there is no range', {}],
    ['several ranges are asked for', {range: 'bytes=0-1,3-4'}],
    ['the range is conditional', {range: 'bytes=0-1', 'if-range': '"a"'}],
    ['the unit is another', {range: 'lines=0-1'}],
    ['the range is empty', {range: 'bytes=-'}],
    ['the range runs backwards', {range: 'bytes=4-2'}],
    ['the range is malformed', {range: 'bytes=a-b'}],
  ])('when %s', async (_, headers) => {
    const response = whole();
    expect(await ask(headers as Record<string, string>, response)).toBe(response);
    expect(response.bodyUsed).toBe(false);
  });

  it.each([206, 404])('when it has the status %i', async (status) => {
    const response = whole({status});
    expect(await ask({range: 'bytes=0-1'}, response)).toBe(response);
  });
});
