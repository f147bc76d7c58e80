import type {Digest} from '@holdfast/manifest';
import type {Expected, IntegrityFailure, IntegrityReason} from '../messages/protocol.ts';
import {createHasher, type StreamingSha256} from './createHasher.ts';

/** Called with a failure before the reader of the body gets an error: browsers do not pass on the error of a stream. */
export type OnFailure = (failure: IntegrityFailure) => void;

/**
 * Returns the body of a response, which fails where it turns out not to be what is expected. A reader that gets to its
 * end has read the right bytes. Until then they are unverified.
 *
 * The bytes are neither copied on their way nor read faster than they are asked for.
 *
 * `Content-Length` does not count: with a `Content-Encoding` it is another number, and a response from another origin may
 * show the first header and hide the second. https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
 *
 * @param streaming digests large bodies.
 * @param onBytes called with the number of bytes of every chunk.
 */
export const checkedBody = (
  {body}: Response,
  expected: Expected,
  streaming: StreamingSha256 | undefined,
  onFailure: OnFailure,
  onBytes?: (bytes: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const {size: expectedSize, digests} = expected;
  const algorithm = digests?.[0]?.algorithm;
  const hasher = algorithm && createHasher(algorithm, streaming, expectedSize);
  let size = 0;

  /** @throws TypeError as a broken connection does. */
  const fail = (reason: IntegrityReason, digest?: Digest): never => {
    onFailure({reason, expected, got: {size, digest}});
    throw new TypeError(`The body failed its check: ${reason}.`);
  };

  const check = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform: (chunk, controller) => {
      size += chunk.byteLength;
      if (size > (expectedSize ?? Number.POSITIVE_INFINITY)) {
        fail('too-long');
      }
      hasher?.update(chunk);
      onBytes?.(chunk.byteLength);
      controller.enqueue(chunk);
    },
    flush: async () => {
      if (size < (expectedSize ?? 0)) {
        fail('too-short');
      }
      const hex = await hasher?.digest().catch(() => fail('cannot-digest'));
      if (digests && !digests.some((digest) => digest.hex === hex)) {
        fail('wrong-digest', algorithm && hex ? {algorithm, hex} : undefined);
      }
    },
  });
  return (body ?? new Blob().stream()).pipeThrough(check);
};
