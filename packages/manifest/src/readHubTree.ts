import {assetUrl, folderOf} from './assetUrl.ts';
import {encodePath} from './encodePath.ts';
import type {Field} from './Field.ts';
import type {Digest, Manifest} from './Manifest.ts';
import {parseJson} from './parseJson.ts';
import {toManifest} from './toManifest.ts';

const BUCKETS = 'buckets/';

/** What was listed: the Hub's answer has paths, and does not say of what. */
export interface HubRepository {
  /** As its URL has it: `org/model`, `datasets/org/name`, `spaces/org/name`, `buckets/org/name`. */
  repository: string;
  /**
   * The revision that was asked for, as pages ask for its files: a commit, a tag, a branch, `refs/pr/1`. A branch
   * moves, and then the digests are those of other files.
   *
   * @default none, for a bucket, which has no revisions; any other repository needs it
   */
  revision?: string | undefined;
  /** @default 'https://huggingface.co' */
  endpoint?: string | URL | undefined;
}

/**
 * Reads what the Hugging Face Hub answers on `/api/models/{repository}/tree/{revision}?recursive=true` or
 * `/api/models/{repository}/paths-info/{revision}`. A long tree comes in pages: read each, and {@link joinManifests}.
 *
 * Files in LFS (or Xet) have a SHA-256, others the name of their git blob. Of a bucket's files only sizes are known.
 *
 * @param text the JSON text of one answer.
 * @throws ManifestError
 */
export function readHubTree(text: string, repository: HubRepository): Manifest {
  const folder = resolveFolder(repository);
  const isBucket = repository.repository.startsWith(BUCKETS);
  return toManifest(parseJson(text).items().filter(isFile), (entry) => {
    const path = entry.get('path');
    return {
      // With the dot, so that no name of a file passes for an absolute URL.
      url: assetUrl(path, folder, `./${encodePath(path.text())}`),
      size: entry.get('size').bytes(),
      ...(!isBucket && {digest: digestOf(entry)}),
    };
  });
}

/** `https://huggingface.co/org/model/resolve/refs%2Fpr%2F1/`, as clients spell it. */
function resolveFolder({repository, revision, endpoint = 'https://huggingface.co'}: HubRepository): string {
  if (!/^(?:(?:datasets|spaces|kernels|buckets)\/)?\w[\w.-]*(?:\/\w[\w.-]*)?$/.test(repository)) {
    throw new TypeError(
      'manifest: repository must be one of the Hub, such as org/model or datasets/org/name',
    );
  }
  const isBucket = repository.startsWith(BUCKETS);
  if (isBucket ? revision !== undefined : !revision || /^\.+$/.test(revision)) {
    throw new TypeError(`manifest: ${isBucket ? 'a bucket has no revisions' : 'the revision is missing'}`);
  }
  const path = [repository, 'resolve', ...(revision ? [encodeURIComponent(revision)] : []), ''].join('/');
  return new URL(path, folderOf(`${`${endpoint}`.replace(/\/+$/, '')}/`)).href;
}

function isFile(entry: Field): boolean {
  const type = entry.get('type');
  return type.value === 'file' || (type.value !== 'directory' && type.mustBe('"file" or "directory"'));
}

function digestOf(entry: Field): Digest {
  const lfs = entry.get('lfs');
  if ((lfs.value ?? null) === null) {
    return entry.get('oid').digest('git-blob-sha1');
  }
  const size = lfs.get('size');
  if (size.value !== entry.get('size').value) {
    size.refuse('must be the size of the file');
  }
  // Not `oid` beside it: in git there is only a pointer, and that is its name.
  return lfs.get('oid').digest('sha256');
}
