import type {DigestAlgorithm} from '@holdfast/manifest';
import {createSHA256} from 'hash-wasm';
import {toHex} from './toHex.ts';

/** Makes one digest of bytes that come one after the other. */
export interface Hasher {
  update(bytes: Uint8Array<ArrayBuffer>): unknown;
  /** As hex digits, in lower case. */
  digest(): string | Promise<string>;
}

/**
 * The algorithms that the browser makes, of whole bodies only. What carries them is small: scripts in a page's SRI
 * strings, and files that the Hub keeps in git. Their code for streams would more than double the package's size.
 */
const OF_WHOLE_BODIES = {sha384: 'SHA-384', sha512: 'SHA-512', 'git-blob-sha1': 'SHA-1'} as const;

/** Keeps the body until its end. https://www.w3.org/TR/webcrypto-2/#SubtleCrypto-method-digest */
const createWholeBodyHasher = (algorithm: keyof typeof OF_WHOLE_BODIES): Hasher => {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  return {
    update: (bytes) => parts.push(bytes),
    digest: async () => {
      const {size} = new Blob(parts);
      // What git makes a digest of: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
      const header = algorithm === 'git-blob-sha1' ? [`blob ${size}\0`] : [];
      const bytes = await new Blob([...header, ...parts]).arrayBuffer();
      return toHex(new Uint8Array(await crypto.subtle.digest(OF_WHOLE_BODIES[algorithm], bytes)));
    },
  };
};

/**
 * A hasher for one body. The code for SHA-256 is WebAssembly, compiled when the first is asked for.
 *
 * @throws Error where WebAssembly may not be compiled: a worker's content security policy has to say so, with
 * `'wasm-unsafe-eval'`. https://w3c.github.io/webappsec-csp/#grammardef-wasm-unsafe-eval
 */
export const createHasher = async (algorithm: DigestAlgorithm): Promise<Hasher> =>
  algorithm === 'sha256' ? createSHA256() : createWholeBodyHasher(algorithm);
