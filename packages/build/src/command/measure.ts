import {createHash} from 'node:crypto';

export interface Measures {
  /** In bytes. */
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/**
 * Size and digest of a stream, of which no more than a chunk is held.
 *
 * @param onBytes told of each chunk's length.
 */
export async function measure(
  stream: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): Promise<Measures> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    size += chunk.byteLength;
    onBytes(chunk.byteLength);
  }
  return {size, sha256: hash.digest('hex')};
}
