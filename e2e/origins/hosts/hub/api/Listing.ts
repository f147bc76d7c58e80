import {posix} from 'node:path';
import type {HubCommit} from '../HubRepository.ts';

/** A file or a folder, as the API describes it. */
export interface ListingRow {
  type: 'directory' | 'file';
  path: string;
  /** In git: the name of the blob (for a large file, of its pointer), or of the folder's tree. */
  oid?: string;
  /** In bytes. 0 for a folder in git, `undefined` for a folder in a bucket. */
  size?: number;
  /** For a large file in git: the SHA-256 of its bytes, and the size of its pointer. */
  lfs?: {oid: string; size: number; pointerSize: number};
  xetHash?: string;
  /** In a bucket, ISO 8601. */
  uploadedAt?: string;
  /** In git, if requested: the last commit that changed it. */
  lastCommit?: HubCommit;
  securityFileStatus?: {status: string};
}

export interface ListingOptions {
  /** Whether each row has the last commit that changed it. A bucket has no commits. */
  expand: boolean;
}

/** A repository at a commit, or a bucket, as the API lists it. */
export interface Listing {
  /**
   * Returns the rows of a folder; `undefined` if there is no such folder.
   *
   * @param recursive whether to list subfolders, too. By default, a bucket does and a repository does not.
   */
  folder(path: string, recursive: boolean | undefined, options: ListingOptions): ListingRow[] | undefined;
  /** Returns the row of a path; `undefined` if there is none. */
  find(path: string, options: ListingOptions): ListingRow | undefined;
}

/** Returns all folders of the files, at any depth, inner ones before outer ones. */
export const foldersOf = (files: readonly {path: string}[]): string[] => {
  const folders = new Set<string>();
  for (const {path} of files) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      folders.add(folder);
    }
  }
  return [...folders].sort((one, other) => other.length - one.length);
};

/** Returns whether a row is directly in a folder. The path of the outermost folder is empty. */
export const liesIn = (folder: string, {path}: {path: string}): boolean =>
  posix.dirname(path) === (folder || '.');

const sortKey = ({path, type}: Pick<ListingRow, 'path' | 'type'>): Buffer => Buffer.from(`${type} ${path}`);

/** Returns rows in the Hub's order: folders, then files, both by the bytes of their paths. */
export const inOrder = <T extends Pick<ListingRow, 'path' | 'type'>>(rows: readonly T[]): T[] =>
  rows.toSorted((one, other) => Buffer.compare(sortKey(one), sortKey(other)));
