import {posix} from 'node:path';
import type {ContentFile} from '../../../content/Content.ts';
import {gitObjectId} from '../../../gitObjectId.ts';
import {type HubCommit, type HubRepository, type HubTree, isInGit} from '../HubRepository.ts';
import {lfsPointer} from '../lfsPointer.ts';
import {foldersOf, inOrder, type Listing, type ListingRow, liesIn} from './Listing.ts';

type GitRow = ListingRow & {oid: string};

const fileRow = (repository: HubRepository, file: ContentFile): GitRow => {
  const {gitOid, path, sha256, size, xetHash} = file;
  if (isInGit(repository, file)) {
    return {type: 'file', oid: gitOid, size, path};
  }
  const pointer = lfsPointer(file);
  const lfs = {oid: sha256, size, pointerSize: pointer.byteLength};
  return {type: 'file', oid: gitObjectId('blob', pointer), size, lfs, xetHash, path};
};

/** Returns what git hashes for a folder. A subfolder is sorted as if its name ended in a slash. */
const treeObject = (rows: readonly GitRow[]): Buffer => {
  const entries = rows.map(({oid, path, type}) => {
    const [mode, end] = type === 'file' ? ['100644', ''] : ['40000', '/'];
    const name = posix.basename(path);
    return {sortedBy: name + end, bytes: [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]};
  });
  entries.sort((one, other) => Buffer.compare(Buffer.from(one.sortedBy), Buffer.from(other.sortedBy)));
  return Buffer.concat(entries.flatMap(({bytes}) => bytes));
};

const allRows = (repository: HubRepository, {files}: HubTree): GitRow[] => {
  const rows = files.map((file) => fileRow(repository, file));
  for (const path of foldersOf(files)) {
    const oid = gitObjectId('tree', treeObject(rows.filter((row) => liesIn(path, row))));
    rows.push({type: 'directory', oid, size: 0, path});
  }
  return inOrder(rows);
};

/** Returns the commit that last changed a row: the oldest since which it has been the same. */
const lastCommit = (
  repository: HubRepository,
  {commit, parent}: HubTree,
  {oid, path}: GitRow,
): HubCommit | undefined => {
  const before = parent && allRows(repository, parent).find((row) => row.path === path && row.oid === oid);
  return parent && before ? lastCommit(repository, parent, before) : commit;
};

/** Lists the files of a model, a dataset or a space at a commit. */
export const gitListing = (repository: HubRepository, tree: HubTree): Listing => {
  const rows = allRows(repository, tree);

  const expanded = (row: GitRow): ListingRow => {
    const commit = lastCommit(repository, tree, row);
    return {
      ...row,
      ...(commit && {lastCommit: commit}),
      ...(row.type === 'file' && {securityFileStatus: {status: 'unscanned'}}),
    };
  };

  return {
    folder: (asked, recursive, {expand}) => {
      const folder = asked.replace(/\/$/, '');
      if (folder !== '' && !rows.some(({path, type}) => type === 'directory' && path === folder)) {
        return undefined;
      }
      const below = folder && `${folder}/`;
      const inside = rows.filter((row) => (recursive ? row.path.startsWith(below) : liesIn(folder, row)));
      return expand ? inside.map(expanded) : inside;
    },
    find: (asked, {expand}) => {
      const found = rows.find(({path}) => path === asked);
      return found && expand ? expanded(found) : found;
    },
  };
};
