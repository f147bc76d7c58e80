import {publicKey} from '../http/partition.ts';
import type {Pin} from './pinRequest.ts';
import type {Releases} from './Releases.ts';

/** Looks into a release's cache. Storage that cannot be read is a miss: the page gets its bytes from the network. */
export const findInCache = (
  request: Request,
  cacheName: string,
  options?: CacheQueryOptions,
): Promise<Response | undefined> =>
  caches.match(request, Object.assign({}, options, {cacheName, ignoreVary: true})).catch(() => undefined);

/**
 * Returns what a release has of an asset, in its cache or elsewhere: of its account, or else of everybody.
 *
 * @param found what a look into its cache brings that has begun already.
 */
export const findAsset = async (
  releases: Releases,
  pin: Pin,
  request: Request,
  found: Promise<Response | undefined>,
  matchOptions?: CacheQueryOptions,
): Promise<Response | undefined> => {
  const {staged, adopted} = releases;
  const own =
    (await found) ||
    (matchOptions && (await findInCache(request, pin.cacheName, matchOptions))) ||
    (staged && (await staged.find(pin).catch(() => undefined))) ||
    (adopted && (await adopted.find(pin).catch(() => undefined)));
  const key = publicKey(pin.key);
  if (own || key === pin.key) {
    return own;
  }
  const shared = new Request(key);
  return findAsset(
    releases,
    Object.assign({}, pin, {key}),
    shared,
    findInCache(shared, pin.cacheName),
    matchOptions,
  );
};
