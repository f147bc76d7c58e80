import {Field} from './Field.ts';
import type {Manifest, ManifestAsset} from './Manifest.ts';
import {toManifest} from './toManifest.ts';

/**
 * One manifest for a release whose files are listed in several: the pages of the Hub's tree, or a lock file and the
 * runtime that it is for. What one of them knows of a file is added to what another one knows.
 *
 * @throws ManifestError when they contradict one another.
 */
export function joinManifests(...manifests: readonly Manifest[]): Manifest {
  const entries = new Field(manifests, () => undefined, 'manifests')
    .items()
    .flatMap((manifest) => manifest.get('assets').items());
  return toManifest(entries, ({value}) => value as ManifestAsset);
}
