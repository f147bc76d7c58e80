import type {StagedAsset} from './StagedAsset.ts';
import type {StagedRelease} from './stagedReleases.ts';

/** An asset of another release. */
export interface Source {
  line: string;
  version: string;
  key: string;
  file: string | undefined;
}

/** Returns where the bytes of an asset are in other releases. Only a digest tells that they are the same. */
export type SourcesOf = (asset: StagedAsset) => readonly Source[];

const idOf = ({digest}: StagedAsset): string => (digest ? `${digest.algorithm} ${digest.hex}` : '');

/** Looks through the other releases once, however many assets ask. */
export const sourcesIn = (releases: readonly StagedRelease[]): SourcesOf => {
  const byDigest = new Map<string, Source[]>();
  for (const {line, version, assets} of releases) {
    for (const asset of assets) {
      const id = idOf(asset);
      const sources = byDigest.get(id) ?? [];
      sources.push({line, version, key: asset.key, file: asset.file});
      byDigest.set(id, sources);
    }
  }
  byDigest.delete('');
  return (asset) => byDigest.get(idOf(asset)) ?? [];
};
