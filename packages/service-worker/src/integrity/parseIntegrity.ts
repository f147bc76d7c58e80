import type {Digest, DigestAlgorithm} from '@holdfast/manifest';
import {toHex} from './toHex.ts';

/** One digest in an SRI string: its algorithm, and as many digits of base64 as that has. Options are ignored. */
const TOKEN = /^(?:(sha256)-([\w+/-]{43})|(sha384)-([\w+/-]{64})|(sha512)-([\w+/-]{86}))={0,2}(?:\?.*)?$/;

/** Decodes both alphabets of base64. */
const decode = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64.replaceAll('-', '+').replaceAll('_', '/')), (byte) => byte.charCodeAt(0));

const parseToken = (token: string): Digest | undefined => {
  const [algorithm, base64] = TOKEN.exec(token)?.slice(1).filter(Boolean) ?? [];
  return algorithm && base64
    ? {algorithm: algorithm as DigestAlgorithm, hex: toHex(decode(base64))}
    : undefined;
};

/**
 * Returns the digests of an SRI string, of which one has to match: those by its strongest algorithm. The others are for
 * browsers that do not know it. https://w3c.github.io/webappsec-subresource-integrity/#parse-metadata
 *
 * @returns an empty list where none can be read.
 */
export const parseIntegrity = (integrity: string): Digest[] => {
  const digests = integrity
    .split(/\s+/)
    .map(parseToken)
    .filter((digest) => digest !== undefined);
  // The names of the algorithms sort by strength.
  const strongest = digests
    .map(({algorithm}) => algorithm)
    .sort()
    .at(-1);
  return digests.filter(({algorithm}) => algorithm === strongest);
};
