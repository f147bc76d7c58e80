import {fileName} from './format.ts';

/** Reads a body into memory that was made for it, tells how far it is, and returns how many bytes came. */
const readBody = async (
  body: ReadableStream<Uint8Array>,
  bytes: Uint8Array,
  onBytes: (read: number) => void,
): Promise<number> => {
  const reader = body.getReader();
  let read = 0;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    // What is too much is only counted, for the error that follows.
    if (read + part.value.byteLength <= bytes.byteLength) {
      bytes.set(part.value, read);
    }
    read += part.value.byteLength;
    onBytes(read);
  }
  return read;
};

/**
 * Fetches a file whose size is known.
 *
 * @throws Error in words that a user understands.
 */
export const fetchFile = async (
  url: string,
  size: number,
  signal: AbortSignal,
  onBytes: (read: number) => void,
): Promise<Uint8Array> => {
  const name = fileName(url);
  const response = await fetch(url, {signal}).catch((cause: unknown) => {
    throw new Error(`${name} is not stored, and its host could not be reached.`, {cause});
  });
  if (!response.ok || !response.body) {
    throw new Error(`${name} is not stored, and its host answered ${response.status}.`);
  }
  const bytes = new Uint8Array(size);
  const read = await readBody(response.body, bytes, onBytes).catch((cause: unknown) => {
    throw new Error(`${name} broke off before its end.`, {cause});
  });
  if (read !== size) {
    throw new Error(`${name} has ${read} bytes, but its release says ${size}.`);
  }
  return bytes;
};
