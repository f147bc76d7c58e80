import {createCipheriv} from 'node:crypto';
import type {Body} from '../answers/Answer.ts';
import {keyOf} from './seededBytes.ts';

const CHUNK_BYTES = 65_536;
/** The block size of AES. */
const BLOCK_BYTES = 16;

/** Returns the bytes of `seededBytes`, made while they are read, so that a file of any size takes no memory. */
export const seededBody = (seed: string, size: number): Body => ({
  size,
  async *read(start, end) {
    const counter = Buffer.alloc(BLOCK_BYTES);
    counter.writeBigUInt64BE(BigInt(Math.floor(start / BLOCK_BYTES)), BLOCK_BYTES / 2);
    const stream = createCipheriv('aes-256-ctr', keyOf(seed), counter);
    stream.update(Buffer.alloc(start % BLOCK_BYTES));
    const zeros = Buffer.alloc(CHUNK_BYTES);
    for (let at = start; at < end; at += CHUNK_BYTES) {
      yield stream.update(zeros.subarray(0, end - at));
    }
  },
});
