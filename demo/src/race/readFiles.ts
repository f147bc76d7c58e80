import type {LaneFile} from './runLane.ts';

/**
 * Reads files into memory, all at once. If one fails, the others are still read to their ends, so that the worker can
 * store them.
 *
 * @param onBytes is called with the bytes that were read so far.
 */
export const readFiles = async (
  files: readonly LaneFile[],
  onBytes: (bytes: number) => void,
): Promise<Uint8Array[][]> => {
  let read = 0;
  const readFile = async ({url}: LaneFile): Promise<Uint8Array[]> => {
    const response = await fetch(url);
    if (!response.ok || !response.body) {
      throw new Error(`${url} was answered with ${response.status}.`);
    }
    const chunks: Uint8Array[] = [];
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value);
      read += next.value.byteLength;
      onBytes(read);
    }
    return chunks;
  };
  const reading = files.map(readFile);
  await Promise.allSettled(reading);
  return Promise.all(reading);
};
