import {lineOf, type Release} from './content.ts';
import {fileName} from './format.ts';

/** Not the model: it has to run. */
const VICTIM = 'tokenizer.model';

/**
 * Does what a disk may do: another byte in the middle of a stored file, of the same length.
 *
 * @returns the file's name.
 */
export const damageStoredFile = async (release: Release): Promise<string> => {
  const cache = await caches.open(`${lineOf(release)}-${release.version}`);
  const key = (await cache.keys()).find(({url}) => fileName(url) === VICTIM);
  const stored = key && (await cache.match(key));
  if (!key || !stored) {
    throw new Error(`${VICTIM} is not stored.`);
  }
  const bytes = new Uint8Array(await stored.arrayBuffer());
  const middle = bytes.length >> 1;
  bytes[middle] = ~(bytes[middle] ?? 0);
  await cache.put(key, new Response(bytes, {headers: stored.headers}));
  return VICTIM;
};
