import {posix} from 'node:path';
import type {HubCommit} from '../HubRepository.ts';

/** What the API says of a file or a folder. */
export interface ListingRow {
  type: 'directory' | 'file';
  path: string;
  /** In git: the name of the blob (of a large file: of its pointer), or of the folder's tree. */
  oid?: string;
  /** Bytes. A folder in git has 0, a folder in a bucket has none. */
  size?: number;
  /** Of a large file in git: the SHA-256 of its bytes, and how long the pointer is. */
  lfs?: {oid: string; size: number; pointerSize: number};
  xetHash?: string;
  /** In a bucket, ISO 8601. */
  uploadedAt?: string;
  /** In git, if it was asked for: the last commit that changed it. */
  lastCommit?: HubCommit;
  securityFileStatus?: {status: string};
}

export interface ListingOptions {
  /** Whether to say which commit changed each row last. A bucket has no commits. */
  expand: boolean;
}

/** A repository at a commit, or a bucket, as the API lists it. */
export interface Listing {
  /**
   * The rows of a folder, or `undefined` if there is no such folder.
   *
   * @param recursive whether to list what is further down too. By default, a repository does not and a bucket does.
   */
  folder(path: string, recursive: boolean | undefined, options: ListingOptions): ListingRow[] | undefined;
  /** The row of a path, or `undefined` if it has none. */
  find(path: string, options: ListingOptions): ListingRow | undefined;
}

/** All folders that the files lie in, at any depth, inner ones before outer ones. */
export const foldersOf = (files: readonly {path: string}[]): string[] => {
  const folders = new Set<string>();
  for (const {path} of files) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      folders.add(folder);
    }
  }
  return [...folders].sort((one, other) => other.length - one.length);
};

/** Whether something lies directly in a folder, whose path is empty for the outermost one. */
export const liesIn = (folder: string, {path}: {path: string}): boolean =>
  posix.dirname(path) === (folder || '.');

const sortKey = ({path, type}: Pick<ListingRow, 'path' | 'type'>): Buffer => Buffer.from(`${type} ${path}`);

/** In the Hub's order: folders, then files, both by the bytes of their paths. */
export const inOrder = <T extends Pick<ListingRow, 'path' | 'type'>>(rows: readonly T[]): T[] =>
  rows.toSorted((one, other) => Buffer.compare(sortKey(one), sortKey(other)));
