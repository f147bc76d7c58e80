import {pin} from './pinned.ts';
import {releaseKeeper} from './releaseKeeper.ts';
import {cacheNameOf} from './releaseOf.ts';
import type {ReleaseAsset, ReleaseRecord} from './state.ts';

/** The assets of a staged release that are not where they are kept. To be called under the lock of `switchLock.ts`. */
export const missingAssets = async <Asset extends ReleaseAsset>({
  line,
  version,
  assets,
}: ReleaseRecord<Asset>): Promise<Asset[]> => {
  const cacheName = cacheNameOf(line, version);
  // To open a cache that is not there would make it.
  const keys = (await caches.has(cacheName)) ? await (await caches.open(cacheName)).keys() : [];
  const there = new Set(keys.map(({url}) => url));
  const missing: Asset[] = [];
  for (const asset of assets) {
    const {key, file} = asset;
    const isThere = file === undefined ? there.has(key) : await releaseKeeper().find(pin(key, line, version));
    if (!isThere) {
      missing.push(asset);
    }
  }
  return missing;
};
