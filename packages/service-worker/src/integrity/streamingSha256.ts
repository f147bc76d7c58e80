import {SHA256} from '@stablelib/sha256';
import type {StreamingSha256} from './createHasher.ts';

/** SHA-256 in JavaScript: 1.7 kB, and no WebAssembly that a content security policy could forbid. */
export const streamingSha256: StreamingSha256 = () => new SHA256();
