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
 * Returns what a release has of an asset, in its cache or elsewhere.
 *
 * @param found what a look into its cache brings that has begun already.
 */
export const findAsset = async (
  {staged, adopted}: Releases,
  pin: Pin,
  request: Request,
  found: Promise<Response | undefined>,
  matchOptions?: CacheQueryOptions,
): Promise<Response | undefined> =>
  (await found) ||
  (matchOptions && (await findInCache(request, pin.cacheName, matchOptions))) ||
  (staged && (await staged.find(pin).catch(() => undefined))) ||
  (adopted && (await adopted.find(pin).catch(() => undefined)));
