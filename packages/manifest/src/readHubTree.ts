import {assetUrl} from './assetUrl.ts';
import {encodePath} from './encodePath.ts';
import type {Field} from './Field.ts';
import {folderOf} from './folderOf.ts';
import type {Digest, Manifest} from './Manifest.ts';
import {parseJson} from './parseJson.ts';
import {toManifest} from './toManifest.ts';

const BUCKETS = 'buckets/';

/** The repository that a tree lists. The Hub's answer has paths only. */
export interface HubRepository {
  /** The repository as in its URL: `org/model`, `datasets/org/name`, `spaces/org/name`, `buckets/org/name`. */
  repository: string;
  /**
   * The requested revision: a commit, a tag, a branch, or `refs/pr/1`. Pages must request files with the same one.
   * Prefer a commit: a branch moves, and its digests change.
   *
   * Required for all repositories but buckets, which have no revisions.
   */
  revision?: string | undefined;
  /**
   * The URL of the Hub.
   *
   * @default 'https://huggingface.co'
   */
  endpoint?: string | URL | undefined;
}

/**
 * Reads the Hugging Face Hub's answer to `/api/models/{repository}/tree/{revision}?recursive=true` or
 * `/api/models/{repository}/paths-info/{revision}`. The Hub splits a long tree into pages: read each page, and use
 * {@link joinManifests}.
 *
 * A file in LFS or Xet has a SHA-256. Any other file has its git blob name. A file in a bucket has only a size.
 *
 * @param text the JSON text of one answer.
 * @throws ManifestError when the answer is not a list of files.
 * @throws TypeError when the repository, the revision or the endpoint is invalid.
 */
export function readHubTree(text: string, repository: HubRepository): Manifest {
  const folder = resolveFolder(repository);
  const isBucket = repository.repository.startsWith(BUCKETS);
  return toManifest(parseJson(text).items().filter(isFile), (entry) => {
    const path = entry.get('path');
    // The dot keeps a file name such as `https:` from being read as a scheme.
    const url = assetUrl(path, folder, `./${encodePath(path.text())}`);
    const size = entry.get('size').bytes();
    return isBucket ? {url, size} : {url, size, digest: digestOf(entry)};
  });
}

/** Returns the URL of the files, as clients spell it: `https://huggingface.co/org/model/resolve/refs%2Fpr%2F1/`. */
function resolveFolder({repository, revision, endpoint = 'https://huggingface.co'}: HubRepository): string {
  if (!/^(?:(?:datasets|spaces|kernels|buckets)\/)?\w[\w.-]*(?:\/\w[\w.-]*)?$/.test(repository)) {
    // The message does not repeat the value: a URL may hold a token.
    throw new TypeError(
      "readHubTree: 'repository' must be a repository of the Hub, such as 'org/model' or 'datasets/org/name'.",
    );
  }
  const isBucket = repository.startsWith(BUCKETS);
  if (isBucket ? revision !== undefined : !revision || /^\.+$/.test(revision)) {
    const need = isBucket
      ? 'undefined: a bucket has no revisions'
      : "a commit, a tag or a branch, such as 'main'";
    throw new TypeError(`readHubTree: 'revision' must be ${need}, got ${JSON.stringify(revision)}.`);
  }
  const path = [repository, 'resolve', ...(revision ? [encodeURIComponent(revision)] : []), ''].join('/');
  return new URL(path, folderOf(`${`${endpoint}`.replace(/\/+$/, '')}/`, "readHubTree: 'endpoint'")).href;
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
    size.refuse('must be equal to the size of the file');
  }
  // Not `entry.oid`: git stores a pointer to the file, and that is the pointer's name.
  return lfs.get('oid').digest('sha256');
}
