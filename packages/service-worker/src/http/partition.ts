/**
 * An account's part of a key. It ends the path, not the query: a strategy with `ignoreSearch` must not find the entry of
 * another account.
 */
const MARK = ';holdfast-account=';

/** The dot keeps the digest from looking like a signature: see `holdsSecret()`. */
const PARTITION = /^([^?#]*);holdfast-account=(a\.[\da-f]{32})(?=[?#]|$)/;

/** Returns the key of an asset without its account: what all accounts would find it under. */
export const publicKey = (key: string): string => key.replace(PARTITION, '$1');

/** Returns the account that a key belongs to; `undefined` for a public one. */
export const accountIn = (key: string): string | undefined => PARTITION.exec(key)?.[2];

/** Returns the key of an asset in the partition of an account. */
export const partitionKey = (key: string, account: string | undefined): string =>
  account === undefined ? key : key.replace(/[?#]|$/, `${MARK}${account}$&`);

/** Returns a key that comes from a page without what would lead it into a partition. */
export const withoutMark = (key: string): string => key.split(MARK).join(MARK.replace('=', '%3D'));

/** Returns the account of something that only its user has: a token, a name. */
export const accountOf = async (secret: string): Promise<string> => {
  const bytes = new TextEncoder().encode(`holdfast-account ${secret}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return `a.${Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
};
