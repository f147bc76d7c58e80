/** The files of a release. */
export interface Manifest {
  readonly assets: readonly ManifestAsset[];
}

/** A file of a release. At least one of `size` and `digest` is known. */
export interface ManifestAsset {
  /** Absolute, and spelled as a browser asks for it; no credentials, no fragment. It is no stable key yet. */
  readonly url: string;
  /** Bytes of the body as a page reads it, so after `Content-Encoding` is undone. */
  readonly size?: number;
  /** Absent: only the size is known. */
  readonly digest?: Digest;
}

export interface Digest {
  readonly algorithm: DigestAlgorithm;
  /** Lower case, as many digits as the algorithm gives. */
  readonly hex: string;
}

/** `git-blob-sha1` is how git names a file: the SHA-1 of `blob <size>\0` and the bytes. */
export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512' | 'git-blob-sha1';
