import {PieceStore} from '../../downloads/PieceStore.ts';
import {bytesIn} from '../../downloads/ranges.ts';
import {withoutSecret} from '../../http/withoutSecret.ts';
import type {Expected, StoredInfo} from '../../messages/protocol.ts';
import {bodyBytes} from '../../releases/bodyBytes.ts';
import {findInCache} from '../../releases/findAsset.ts';
import type {ReleaseRecord} from '../../releases/records.ts';
import {pathOf, readFile} from '../../releases/stage/releaseFiles.ts';
import type {StagedAsset} from '../../releases/stage/StagedAsset.ts';

/** Where an asset may be stored, and what its bytes must be. */
export interface Place {
  key: string;
  cacheName: string;
  /** The record of its release, where that was staged. */
  staged: ReleaseRecord<StagedAsset> | undefined;
  /** What an `IntegrityPlugin` lists of it. */
  listed: Expected | undefined;
}

/** Returns how long ago a time was, in milliseconds since 1970; `null` for `NaN`. */
const ageSince = (at: number): number | null =>
  Number.isFinite(at) ? Math.max(0, Math.round((Date.now() - at) / 1000)) : null;

/** Tells whether the bytes were verified; `null` where nothing has a digest. */
const isVerified = (asset: StagedAsset | undefined, place: Place, isChecked = true): boolean | null => {
  const {staged, listed} = place;
  if (asset?.digest) {
    return Boolean(staged?.isComplete) && isChecked;
  }
  return listed?.digests?.length ? isChecked : null;
};

/** Finds what is stored of an asset. It reads, and makes no cache for the question. */
export const findStored = async (place: Place): Promise<StoredInfo | null> => {
  const {key, cacheName, staged} = place;
  const asset = staged?.assets.find((one) => one.key === key);
  const entry = await findInCache(new Request(key), cacheName);
  if (entry) {
    const isHidden = entry.type === 'opaque';
    return {
      where: 'entry',
      cacheName,
      path: null,
      ageSeconds: ageSince(Date.parse(entry.headers.get('date') ?? '')),
      bytes: isHidden ? null : await bodyBytes(entry),
      isComplete: true,
      isVerified: isVerified(asset, place),
    };
  }
  const file = staged && asset?.file !== undefined ? await readFile(staged, asset.file) : undefined;
  if (file?.size && staged && asset?.file) {
    return {
      where: 'file',
      cacheName: null,
      path: pathOf(staged, asset.file),
      ageSeconds: ageSince(file.lastModified),
      bytes: file.size,
      isComplete: file.size === (asset.size ?? file.size),
      isVerified: isVerified(asset, place),
    };
  }
  const {facts, ranges, isComplete} = await PieceStore.open({key: await withoutSecret(key), home: cacheName});
  return facts && ranges.length > 0
    ? {
        where: 'pieces',
        cacheName,
        path: null,
        ageSeconds: ageSince(facts.askedAt),
        bytes: bytesIn(ranges),
        isComplete,
        isVerified: isVerified(asset, place, facts.isChecked),
      }
    : null;
};
