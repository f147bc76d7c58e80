import {Field} from './Field.ts';
import type {Manifest, ManifestAsset} from './Manifest.ts';
import {toManifest} from './toManifest.ts';

/**
 * Joins manifests that list the files of one release: the pages of a Hub tree, or a Pyodide lock and its runtime. A file
 * that several of them list gets the size of one and the digest of another.
 *
 * @throws ManifestError when two manifests contradict each other.
 */
export function joinManifests(...manifests: readonly Manifest[]): Manifest {
  const entries = new Field(manifests, () => undefined, 'manifests')
    .items()
    .flatMap((manifest) => manifest.get('assets').items());
  return toManifest(entries, ({value}) => value as ManifestAsset);
}
