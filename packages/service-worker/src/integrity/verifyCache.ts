import {shownUrl} from '../http/shownUrl.ts';
import type {Expected, IntegrityFailure} from '../messages/protocol.ts';
import {expectedOf} from './expectations.ts';
import {failureOf} from './failureOf.ts';
import type {ExpectedAsset} from './options.ts';
import type {Reading} from './readThrough.ts';

/** What was found: the entry is right; it was damaged, and was deleted; or it is missing. */
export type VerifiedEntry =
  | {key: string; state: 'intact' | 'missing'}
  | {key: string; state: 'damaged'; failure: IntegrityFailure};

/** How far {@link verifyCache} is. */
export interface VerifyCacheProgress {
  /** The entry that is being read. */
  key: string;
  /** Bytes of all entries so far. One that is missing or damaged counts with its expected size. */
  bytes: number;
  /** The sum of all expected sizes. */
  totalBytes: number;
}

/** Options of {@link verifyCache}. */
export interface VerifyCacheOptions {
  onProgress?: ((progress: VerifyCacheProgress) => void) | undefined;
  /** Ends it between two chunks of a body. What was deleted until then stays deleted. */
  signal?: AbortSignal | undefined;
}

/** Returns what is wrong with a stored response. A body that breaks was damaged on the disk. */
const storedFailure = async (
  response: Response,
  expected: Expected,
  reading: Reading,
): Promise<IntegrityFailure | undefined> => {
  if (response.type === 'opaque') {
    return {reason: 'opaque', expected, got: {}};
  }
  try {
    return await failureOf(response, expected, reading);
  } catch {
    reading.signal?.throwIfAborted();
    return {reason: 'unreadable', expected, got: {}};
  }
};

/**
 * Reads a stored entry to its end, and deletes it if it is not what is expected, so that the next request fetches it
 * again.
 *
 * @throws the signal's reason; Error where the browser makes no digest, in which case nothing is deleted; the browser's
 *   error where the storage cannot be read.
 */
export const verifyEntry = async (
  cache: Cache,
  key: string,
  expected: Expected,
  reading: Reading = {},
): Promise<VerifiedEntry> => {
  const response = await cache.match(key, {ignoreVary: true});
  if (!response) {
    return {key, state: 'missing'};
  }
  const failure = await storedFailure(response, expected, reading);
  if (!failure) {
    return {key, state: 'intact'};
  }
  if (failure.reason === 'cannot-digest') {
    throw new Error(
      `verifyCache: the browser made no ${expected.digests?.[0]?.algorithm} of '${shownUrl(key)}'.`,
    );
  }
  await cache.delete(key, {ignoreVary: true});
  return {key, state: 'damaged', failure};
};

/**
 * Verifies the entries of a cache against a list of assets, one after the other, so that it can run in the background.
 * Entries that are not listed stay as they are.
 *
 * @returns what was found of each listed asset, in the order of the list.
 * @throws as {@link verifyEntry} does.
 */
export const verifyCache = async (
  cache: Cache,
  assets: readonly ExpectedAsset[],
  {onProgress, signal}: VerifyCacheOptions = {},
): Promise<VerifiedEntry[]> => {
  const totalBytes = assets.reduce((total, {size = 0}) => total + size, 0);
  const verified: VerifiedEntry[] = [];
  let done = 0;
  for (const asset of assets) {
    const {url: key} = asset;
    let read = 0;
    const onBytes = (bytes: number): void => {
      read += bytes;
      onProgress?.({key, bytes: done + read, totalBytes});
    };
    signal?.throwIfAborted();
    verified.push(await verifyEntry(cache, key, expectedOf(asset), {onBytes, signal}));
    done += asset.size ?? read;
    onProgress?.({key, bytes: done, totalBytes});
  }
  return verified;
};
