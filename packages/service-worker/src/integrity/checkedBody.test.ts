import {createHash} from 'node:crypto';
import fc from 'fast-check';
import {afterEach, describe, expect, it, vi} from 'vitest';
import type {Expected, IntegrityFailure} from '../messages/protocol.ts';
import {checkedBody} from './checkedBody.ts';
import {streamingSha256} from './streamingSha256.ts';

type Bytes = Uint8Array<ArrayBuffer>;

afterEach(() => {
  vi.unstubAllGlobals();
});

const hexOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const expectedOf = (bytes: Uint8Array) =>
  ({size: bytes.byteLength, digests: [{algorithm: 'sha256', hex: hexOf(bytes)}]}) as const;

const inChunks = (...chunks: Bytes[]): Response =>
  new Response(
    new ReadableStream({
      start: (controller) => {
        for (const chunk of chunks) {
          controller.enqueue(chunk);
        }
        controller.close();
      },
    }),
  );

/** Reads the checked body to its end, and returns the bytes or the failure. */
const read = async (response: Response, expected: Expected): Promise<Uint8Array | IntegrityFailure> => {
  let failure: IntegrityFailure | undefined;
  const body = checkedBody(response, expected, streamingSha256, (found) => {
    failure = found;
  });
  const bytes = await new Response(body).bytes().catch(() => undefined);
  return failure ?? bytes ?? expect.fail('The body failed without a report.');
};

const chunked = fc
  .array(fc.uint8Array({minLength: 1, maxLength: 200}), {minLength: 1})
  .map((chunks) => ({chunks: chunks as Bytes[], whole: new Uint8Array(Buffer.concat(chunks))}));

describe('a body', () => {
  it('passes unchanged when it is right', async () => {
    await fc.assert(
      fc.asyncProperty(chunked, async ({chunks, whole}) => {
        expect(await read(inChunks(...chunks), expectedOf(whole))).toEqual(whole);
      }),
      {numRuns: 50},
    );
  });

  it('fails when one bit differs', async () => {
    await fc.assert(
      fc.asyncProperty(chunked, fc.nat(), fc.nat(7), async ({whole}, at, bit) => {
        const wrong = whole.slice();
        wrong[at % wrong.length] = (wrong[at % wrong.length] ?? 0) ^ (1 << bit);
        const expected = expectedOf(whole);
        const got = {size: whole.length, digest: {algorithm: 'sha256', hex: hexOf(wrong)}};
        expect(await read(inChunks(wrong), expected)).toEqual({reason: 'wrong-digest', expected, got});
      }),
      {numRuns: 50},
    );
  });

  it('fails when it is shorter, whatever its digest', async () => {
    await fc.assert(
      fc.asyncProperty(chunked, async ({chunks, whole}) => {
        const short = chunks.slice(0, -1);
        const {size, digests} = expectedOf(whole);
        const failure = {reason: 'too-short', got: {size: Buffer.concat(short).byteLength}};
        expect(await read(inChunks(...short), {size})).toMatchObject(failure);
        expect(await read(inChunks(...short), {size, digests})).toMatchObject(failure);
        expect(await read(inChunks(...short), {digests})).toMatchObject({reason: 'wrong-digest'});
      }),
      {numRuns: 50},
    );
  });

  it('fails when it is longer, and is read no further', async () => {
    const cancelled = vi.fn();
    const endless = new ReadableStream<Bytes>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: cancelled,
    });
    const {size, digests} = expectedOf(new Uint8Array(25));
    expect(await read(new Response(endless), {size, digests})).toMatchObject({
      reason: 'too-long',
      got: {size: 30},
    });
    expect(cancelled).toHaveBeenCalledOnce();
  });

  it('can be empty or missing', async () => {
    const nothing = new Uint8Array(0);
    expect(await read(new Response(''), expectedOf(nothing))).toEqual(nothing);
    expect(await read(new Response(null), expectedOf(nothing))).toEqual(nothing);
    expect(await read(new Response(null), {size: 1})).toMatchObject({reason: 'too-short'});
  });

  it('is measured by its bytes, not by Content-Length', async () => {
    const bytes = new TextEncoder().encode('what a page reads of a compressed answer');
    const headers = {'content-length': '7'};
    expect(await read(new Response(bytes, {headers}), expectedOf(bytes))).toEqual(bytes);
  });
});

it('accepts any of several digests, and refuses everything for an empty list', async () => {
  const bytes = new TextEncoder().encode('bytes');
  const [digest] = expectedOf(bytes).digests;
  const other = {algorithm: 'sha256', hex: hexOf(new Uint8Array(1))} as const;
  expect(await read(new Response(bytes), {digests: [other, digest]})).toEqual(bytes);
  expect(await read(new Response(bytes), {digests: []})).toMatchObject({reason: 'wrong-digest'});
});

it('fails at its end where the browser makes no digest', async () => {
  vi.stubGlobal('crypto', {subtle: {digest: () => Promise.reject(new DOMException('too large'))}});
  const digests = [{algorithm: 'sha512', hex: 'ab'.repeat(64)}] as const;
  expect(await read(new Response('bytes'), {digests})).toMatchObject({
    reason: 'cannot-digest',
    got: {size: 5},
  });
});

it('passes the error of its source on, and reports no failure', async () => {
  const onFailure = vi.fn();
  const broken = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new Uint8Array(10));
      controller.error(new TypeError('network error'));
    },
  });
  const body = checkedBody(new Response(broken), expectedOf(new Uint8Array(20)), undefined, onFailure);
  await expect(new Response(body).bytes()).rejects.toThrow();
  expect(onFailure).not.toHaveBeenCalled();
});

it('reads no further than its reader', async () => {
  let pulled = 0;
  const source = new ReadableStream<Bytes>(
    {
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(10));
      },
    },
    {highWaterMark: 0},
  );
  const reader = checkedBody(new Response(source), {size: 1_000_000}, undefined, vi.fn()).getReader();
  for (let chunk = 1; chunk <= 20; chunk++) {
    await reader.read();
    // A transform stream reads one chunk ahead, at either end.
    expect(pulled).toBeLessThanOrEqual(chunk + 2);
  }
});

it('cancels its source when it is cancelled', async () => {
  const cancelled = vi.fn();
  const source = new ReadableStream<Bytes>({cancel: cancelled});
  await checkedBody(new Response(source), {size: 10}, undefined, vi.fn()).cancel();
  await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce());
});
