import {cacheOf, type Release} from './content.ts';
import {fileName} from './format.ts';

/** Not the model, which has to run. */
const DAMAGED_FILE = 'tokenizer.model';

/**
 * Changes a byte in the middle of a stored file, as a failing disk may.
 *
 * @returns the file's name.
 */
export const damageStoredFile = async (release: Release): Promise<string> => {
  const cache = await caches.open(cacheOf(release));
  const key = (await cache.keys()).find(({url}) => fileName(url) === DAMAGED_FILE);
  const stored = key && (await cache.match(key));
  if (!key || !stored) {
    throw new Error(`${DAMAGED_FILE} is not stored.`);
  }
  const bytes = new Uint8Array(await stored.arrayBuffer());
  const middle = bytes.length >> 1;
  bytes[middle] = ~(bytes[middle] ?? 0);
  await cache.put(key, new Response(bytes, {headers: stored.headers}));
  return DAMAGED_FILE;
};
