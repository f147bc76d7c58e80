import {expect, it, vi} from 'vitest';
import {readThrough} from './readThrough.ts';

it('reads a body to its end that is not the kept one', async () => {
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
  expect(await readThrough(new Response(body), new Response('kept').body)).toBeUndefined();
  expect(chunks).toBe(0);
});

it('does not read the kept body', async () => {
  const pull = vi.fn();
  const {body} = new Response(new ReadableStream({pull}, {highWaterMark: 0}));
  const response = new Response(body);
  expect(await readThrough(response, response.body)).toBeUndefined();
  expect(pull).not.toHaveBeenCalled();
  expect(response.bodyUsed).toBe(false);
});

it('accepts a response without a body', async () => {
  expect(await readThrough(new Response(null), new Response('kept').body)).toBeUndefined();
});

const broken = (error: unknown): Response =>
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
])('returns %s where the body fails with %s', async (failure, error) => {
  expect(await readThrough(broken(error), undefined)).toBe(failure);
});
