import type {HubTree} from '../HubRepository.ts';
import {foldersOf, inOrder, type Listing, type ListingRow, liesIn} from './Listing.ts';

const UPLOADED_AT = '2026-04-13T09:00:00.000Z';

/** Lists the files of a bucket. The Hub has no digests of them that a client can check. */
export const bucketListing = ({files}: HubTree): Listing => {
  const rows = inOrder<ListingRow>([
    ...files.map(({path, size, xetHash}) => ({
      type: 'file' as const,
      path,
      size,
      xetHash,
      uploadedAt: UPLOADED_AT,
    })),
    ...foldersOf(files).map((path) => ({type: 'directory' as const, path, uploadedAt: UPLOADED_AT})),
  ]);
  const isFile = ({type}: ListingRow): boolean => type === 'file';

  return {
    // A bucket has no real folders: by default, a path is only a prefix of other paths.
    folder: (path, recursive = true) =>
      recursive
        ? rows.filter((row) => isFile(row) && row.path.startsWith(path))
        : rows.filter((row) => liesIn(path.replace(/\/$/, ''), row)),
    find: (path) => rows.find((row) => isFile(row) && row.path === path),
  };
};
