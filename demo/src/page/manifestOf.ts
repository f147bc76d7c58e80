import type {Manifest} from '@holdfast/manifest';
import type {Release} from './content.ts';

/** What a release's files must be: sizes and digests, as `/content.json` states them. */
export const manifestOf = ({files}: Release, bucketUrl: string): Manifest => ({
  assets: files.map(({path, size, sha256}) => ({
    url: `${bucketUrl}/resolve/${path}`,
    size,
    digest: {algorithm: 'sha256', hex: sha256},
  })),
});
