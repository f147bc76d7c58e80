import type {Body} from './Answer.ts';

const CHUNK_BYTES = 65_536;

export const bytesBody = (content: string | Uint8Array): Body => {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return {
    size: bytes.byteLength,
    async *read(start, end) {
      for (let at = start; at < end; at += CHUNK_BYTES) {
        yield bytes.subarray(at, Math.min(at + CHUNK_BYTES, end));
      }
    },
  };
};
