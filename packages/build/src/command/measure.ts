import {createHash} from 'node:crypto';

/** The size and the digest of a file. */
export interface Measures {
  /** In bytes. */
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
}

/**
 * Measures the size and the digest of a stream. Holds only one chunk in memory.
 *
 * @param onBytes called with the length of each chunk.
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
