import {expect, it, vi} from 'vitest';
import {lookThrough} from './lookThrough.ts';

it('reads a body that is not the kept one to its end', async () => {
  let chunks = 5;
  const body = new ReadableStream(
    {
      pull: (sender) => {
        sender.enqueue(new Uint8Array(1000));
        chunks -= 1;
        if (chunks === 0) {
          sender.close();
        }
      },
    },
    {highWaterMark: 0},
  );
  expect(await lookThrough(new Response(body), new Response('kept').body)).toBeUndefined();
  expect(chunks).toBe(0);
});

it('does not read the kept one', async () => {
  const pull = vi.fn();
  const {body} = new Response(new ReadableStream({pull}, {highWaterMark: 0}));
  const response = new Response(body);
  expect(await lookThrough(response, response.body)).toBeUndefined();
  expect(pull).not.toHaveBeenCalled();
  expect(response.bodyUsed).toBe(false);
});

it('has nothing against a response without a body', async () => {
  expect(await lookThrough(new Response(null), new Response('kept').body)).toBeUndefined();
});

const breakingOff = (error: unknown): Response =>
  new Response(
    new ReadableStream({
      pull: (sender) => {
        sender.enqueue(new Uint8Array(1000));
        sender.error(error);
      },
    }),
  );

it.each([
  ['body-incomplete', new TypeError('network error')],
  ['body-incomplete', new DOMException('The user aborted a request.', 'AbortError')],
  ['storage-failed', new DOMException('Unexpected internal error.', 'UnknownError')],
])('says %s where the body breaks off with %s', async (failure, error) => {
  expect(await lookThrough(breakingOff(error), undefined)).toBe(failure);
});

it('says integrity-failed where a plugin has broken it off, whatever with', async () => {
  const response = Object.assign(breakingOff(new TypeError('network error')), {
    [Symbol.for('holdfast.integrity-failed')]: true,
  });
  expect(await lookThrough(response, undefined)).toBe('integrity-failed');
});
