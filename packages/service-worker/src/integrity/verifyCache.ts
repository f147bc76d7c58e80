import type {IntegrityFailure} from './events.ts';
import {type Expected, expectedOf} from './expectations.ts';
import {failureOf, type Reading} from './failureOf.ts';
import type {ExpectedAsset} from './options.ts';

/** What became of an entry: it is as it should be; it was damaged, and is gone; or it was not there. */
export type VerifiedEntry =
  | {key: string; state: 'intact' | 'missing'}
  | {key: string; state: 'damaged'; failure: IntegrityFailure};

/** How far {@link verifyCache} is. */
export interface VerifyProgress {
  /** The entry that is being read. */
  key: string;
  /** Bytes over all entries so far. One that is missing or damaged counts with the size that is expected of it. */
  bytes: number;
  /** What they add up to, as far as sizes are expected. */
  totalBytes: number;
}

export interface VerifyOptions {
  onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** Ends it between two pieces of a body. What was found until then stays deleted. */
  signal?: AbortSignal | undefined;
}

/** What is wrong with a stored response, if anything is. One that breaks off was damaged on the disk. */
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
 * @throws the signal's reason; Error where no digest can be made, in which case nothing is deleted; what the browser
 * throws where storage cannot be read.
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
    throw new Error(`No ${expected.digests?.[0]?.algorithm} can be made here, so nothing was verified.`);
  }
  await cache.delete(key, {ignoreVary: true});
  return {key, state: 'damaged', failure};
};

/**
 * Verifies what a cache has of a list of assets, one entry after the other, so that it can go on in the background.
 * Entries that are not listed are left alone.
 *
 * @returns what became of each listed asset, in the order of the list.
 * @throws as {@link verifyEntry} does.
 */
export const verifyCache = async (
  cache: Cache,
  assets: readonly ExpectedAsset[],
  {onProgress, signal}: VerifyOptions = {},
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
