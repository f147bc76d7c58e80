import {pinOf} from '../pinRequest.ts';
import type {Releases} from '../Releases.ts';
import type {ReleaseAsset, ReleaseRecord} from '../records.ts';
import {cacheNameOf} from '../releaseOf.ts';
import {storedKeys} from './storedKeys.ts';

/** Returns the assets of a staged release that are not where they belong. To be called under the switch lock. */
export const missingAssets = async <Asset extends ReleaseAsset>(
  releases: Releases,
  {line, version, assets}: ReleaseRecord<Asset>,
): Promise<Asset[]> => {
  const {staged} = releases;
  const stored = await storedKeys(cacheNameOf(line, version));
  const missing: Asset[] = [];
  for (const asset of assets) {
    const {key, file} = asset;
    const isThere =
      file === undefined ? stored.has(key) : await staged?.find(pinOf(releases, key, line, version));
    if (!isThere) {
      missing.push(asset);
    }
  }
  return missing;
};
