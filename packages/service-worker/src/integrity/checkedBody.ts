import type {Digest} from '@holdfast/manifest';
import {createHasher, type Hasher} from './createHasher.ts';
import type {IntegrityFailure, IntegrityReason} from './events.ts';
import type {Expected} from './expectations.ts';

/** Hears of a failure before whoever reads the body: browsers do not pass on the error of a stream. */
export type OnFailure = (failure: IntegrityFailure) => void;

/**
 * The body of a response, which breaks off where it turns out not to be what is expected. Whoever has read it to its
 * end has read the right bytes. Until then they are unverified.
 *
 * The bytes are looked at as they pass, without a copy, and no faster than they are asked for.
 *
 * `Content-Length` has no say: behind a `Content-Encoding` it counts other bytes, and of a response from another
 * origin one may see the first and not the second. https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
 *
 * @param onBytes is told of every piece that passes, in bytes.
 */
export const checkedBody = (
  {body}: Response,
  expected: Expected,
  onFailure: OnFailure,
  onBytes?: (bytes: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const {size: expectedSize, digests} = expected;
  const algorithm = digests?.[0]?.algorithm;
  let hasher: Hasher | undefined;
  let size = 0;

  /** @throws TypeError as a connection that breaks does. */
  const fail = (reason: IntegrityReason, digest?: Digest): never => {
    onFailure({reason, expected, got: {size, digest}});
    throw new TypeError(`The body failed its check: ${reason}.`);
  };
  const cannotDigest = (): never => fail('cannot-digest');

  const check = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    start: async () => {
      hasher = algorithm && (await createHasher(algorithm).catch(cannotDigest));
    },
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
      const hex = await Promise.resolve(hasher?.digest()).catch(cannotDigest);
      if (digests && !digests.some((digest) => digest.hex === hex)) {
        fail('wrong-digest', algorithm && hex ? {algorithm, hex} : undefined);
      }
    },
  });
  return (body ?? new Blob().stream()).pipeThrough(check);
};
