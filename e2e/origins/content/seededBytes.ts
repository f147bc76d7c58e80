import {createCipheriv, createHash} from 'node:crypto';

/** Returns the AES-256 key of a seed. */
export const keyOf = (seed: string): Buffer => createHash('sha256').update(seed).digest();

/** Returns bytes that look random and are the same for the same seed: the key stream of AES in counter mode. */
export const seededBytes = (seed: string, size: number): Buffer =>
  createCipheriv('aes-256-ctr', keyOf(seed), Buffer.alloc(16)).update(Buffer.alloc(size));
