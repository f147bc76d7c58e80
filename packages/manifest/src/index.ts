export {encodePath} from './encodePath.ts';
export {joinManifests} from './joinManifests.ts';
export type {Digest, DigestAlgorithm, Manifest, ManifestAsset} from './Manifest.ts';
export {ManifestError} from './ManifestError.ts';
export {parseManifest} from './parseManifest.ts';
export {type HubRepository, readHubTree} from './readHubTree.ts';
export {readManifest} from './readManifest.ts';
export {readModelCard} from './readModelCard.ts';
export {type PyodideLockOptions, readPyodideLock} from './readPyodideLock.ts';
