import {holdsSecret} from '../http/holdsSecret.ts';
import {withoutSecret} from '../http/withoutSecret.ts';
import type {Place} from './Entry.ts';

/** Returns a place as the ledger writes it down. A key that no plugin has made is the page's URL, and may hold a secret. */
export const placeOf = async <Some extends Place>(place: Some): Promise<Some> => {
  const key = await withoutSecret(place.key);
  return key === place.key ? place : Object.assign({}, place, {key});
};

/**
 * Returns the key of the entry at a place as the cache has it.
 *
 * @param cache the one of that place.
 */
export const keyIn = async (cache: Cache, {key}: Place): Promise<string> => {
  // What stands in place of a query is a digest.
  if (/\?[\da-f]{12}$/.test(key)) {
    for (const {url} of await cache.keys()) {
      if (holdsSecret(url) && (await withoutSecret(url)) === key) {
        return url;
      }
    }
  }
  return key;
};
