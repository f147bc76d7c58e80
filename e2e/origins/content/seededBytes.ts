import {createCipheriv, createHash} from 'node:crypto';

/** @returns the key of AES-256 that belongs to a seed. */
export const keyOf = (seed: string): Buffer => createHash('sha256').update(seed).digest();

/** Bytes that look random and are the same for the same seed everywhere: the key stream of AES in counter mode. */
export const seededBytes = (seed: string, size: number): Buffer =>
  createCipheriv('aes-256-ctr', keyOf(seed), Buffer.alloc(16)).update(Buffer.alloc(size));
