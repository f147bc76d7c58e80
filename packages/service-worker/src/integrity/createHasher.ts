import type {DigestAlgorithm} from '@holdfast/manifest';
import {toHex} from './toHex.ts';

/** Makes one digest of bytes that arrive one after the other. */
export interface Hasher {
  update(bytes: Uint8Array<ArrayBuffer>): void;
  /** Returns hex digits, in lower case. Rejects where the browser makes no digest of so many bytes. */
  digest(): Promise<string>;
}

/** Begins a SHA-256 that keeps no bytes. */
export type StreamingSha256 = () => {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
};

/** The browser digests whole bodies only. It is faster than JavaScript and costs no bytes, so smaller ones are collected. */
export const COLLECTED_BYTES = 16 * 1024 * 1024;

const WEB_CRYPTO_NAMES = {
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
  'git-blob-sha1': 'SHA-1',
} as const;

/**
 * Creates a hasher for one body.
 *
 * The body is collected, and digested by the browser when it ends. https://www.w3.org/TR/webcrypto-2/#dfn-digest
 * Only a SHA-256 of a large body is computed as it arrives. Nothing large has another digest: those are of scripts in
 * a page's SRI strings, and of files that the Hub keeps in git.
 *
 * @param streaming computes the SHA-256 of a large body. Without it, every body is collected.
 * @param expectedSize in bytes, where it is known.
 */
export const createHasher = (
  algorithm: DigestAlgorithm,
  streaming?: StreamingSha256,
  expectedSize = 0,
): Hasher => {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  let stream: ReturnType<StreamingSha256> | undefined;

  return {
    update: (bytes) => {
      parts.push(bytes);
      size += bytes.byteLength;
      if (streaming && algorithm === 'sha256' && Math.max(size, expectedSize) > COLLECTED_BYTES) {
        stream ??= streaming();
        for (const part of parts.splice(0)) {
          stream.update(part);
        }
      }
    },
    digest: async () => {
      if (stream) {
        return toHex(stream.digest());
      }
      // What git makes a digest of: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
      const header = new TextEncoder().encode(algorithm === 'git-blob-sha1' ? `blob ${size}\0` : '');
      const whole = new Uint8Array(header.byteLength + size);
      let end = 0;
      for (const part of [header, ...parts]) {
        whole.set(part, end);
        end += part.byteLength;
      }
      return toHex(new Uint8Array(await crypto.subtle.digest(WEB_CRYPTO_NAMES[algorithm], whole)));
    },
  };
};
