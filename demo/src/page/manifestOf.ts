import type {Manifest} from '@holdfast/manifest';
import type {Release} from './content.ts';

/** Returns the manifest of a release: its files with the sizes and digests of `/content.json`. */
export const manifestOf = ({files}: Release, bucketUrl: string): Manifest => ({
  assets: files.map(({path, size, sha256}) => ({
    url: `${bucketUrl}/resolve/${path}`,
    size,
    digest: {algorithm: 'sha256', hex: sha256},
  })),
});
