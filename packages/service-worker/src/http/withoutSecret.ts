import {holdsSecret} from './holdsSecret.ts';
import {accountIn, partitionKey, publicKey} from './partition.ts';
import {shownUrl} from './shownUrl.ts';

/** Enough to tell the files of one app apart. No secret can be found by it. */
const DIGEST_BYTES = 6;

/**
 * Returns the key under which a file is known outside its entry: in the names of caches and in events. A key that no
 * plugin has made is the page's URL, and may hold a secret: then a digest takes the place of its query.
 */
export const withoutSecret = async (key: string): Promise<string> => {
  if (!holdsSecret(publicKey(key))) {
    return key;
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key)));
  const hex = Array.from(digest.subarray(0, DIGEST_BYTES), (byte) => byte.toString(16).padStart(2, '0'));
  return partitionKey(`${shownUrl(key)}?${hex.join('')}`, accountIn(key));
};
