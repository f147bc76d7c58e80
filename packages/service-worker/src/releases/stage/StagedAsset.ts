import type {Digest} from '@holdfast/manifest';
import type {ReleaseAsset} from '../records.ts';

/** An asset of a release, as its record has it: without its URL, which may be a signed one. */
export interface StagedAsset extends ReleaseAsset {
  /** Bytes of the body as a page reads it. */
  size?: number | undefined;
  digest?: Digest | undefined;
}

const SMALL_BYTES = 1024 * 1024;

/** Tells whether an asset is known to be so small that its bytes cost less than the steps of its stage. */
export const isSmall = ({size}: StagedAsset): boolean => size !== undefined && size <= SMALL_BYTES;

/** The assets of a release. */
export interface ReadAssets {
  assets: readonly StagedAsset[];
  /** Key → the URL to fetch from, where that is another one. */
  urls: ReadonlyMap<string, string>;
  /** What requests for those in a partition have. */
  headers?: Headers | undefined;
}
