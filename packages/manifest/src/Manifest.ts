/** The files of a release. */
export interface Manifest {
  readonly assets: readonly ManifestAsset[];
}

/** A file of a release, with its size, its digest, or both. */
export interface ManifestAsset {
  /** An absolute URL as a browser requests it, without credentials and without a fragment. Not a cache key yet. */
  readonly url: string;
  /** Bytes of the body as a page reads it, after `Content-Encoding` is decoded. Absent when unknown. */
  readonly size?: number;
  /** Absent when only the size is known. */
  readonly digest?: Digest;
}

/** The digest of a file. */
export interface Digest {
  readonly algorithm: DigestAlgorithm;
  /** Lowercase hex digits, as many as the algorithm gives. */
  readonly hex: string;
}

/** `git-blob-sha1` is the name that git gives a file: the SHA-1 of `blob <size>\0` and the bytes. */
export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512' | 'git-blob-sha1';
