import type {StoragePlace} from '../worker/StorageLedger.ts';

/** Where a file is stored. */
export type Place = Pick<StoragePlace, 'cacheName' | 'key'>;

/** What a file belongs to: by that, budgets and statistics group files. */
export interface Route {
  /** The name of the route that stores it: the prefix of its releases, or its cache. */
  route: string;
  /** The app of the workspace that the route belongs to. */
  namespace?: string | undefined;
  /** The id of its line, where it belongs to a release. */
  line?: string | undefined;
}

/** What the ledger knows of a stored file, in whichever way it is stored. */
export interface Entry extends StoragePlace, Route {
  /** As stored. Until they are known, those that were announced. */
  bytes: number;
  /** Its media type; empty where it has none. */
  type: string;
  /** Milliseconds since 1970, as all times. */
  storedAt: number;
  usedAt: number;
  line?: string | undefined;
  /** Whether no budget may have it deleted. */
  isPinned?: boolean | undefined;
  /** What is known of what is stored until the new file is. */
  former?: Pick<Entry, 'storedAt' | 'type'> | undefined;
  /** Whether it is about to be stored: a killed worker may have left nothing of it. */
  isPending?: boolean | undefined;
}

/** Everything that is stored. */
export const ALL = 'all';

/** A group of files that a budget may be about. */
export type Group = typeof ALL | `${'namespace' | 'route' | 'line'} ${string}`;

/** Returns the groups that a file belongs to. */
export const groupsOf = ({route, namespace, line}: Route): Group[] => {
  const groups: Group[] = [ALL, `route ${route}`];
  if (namespace !== undefined) {
    groups.push(`namespace ${namespace}`);
  }
  if (line !== undefined) {
    groups.push(`line ${line}`);
  }
  return groups;
};

/** Identifies a place. The name of a cache may have spaces in it, and a URL has none. */
export const idOf = ({cacheName, key}: Place): string => `${cacheName} ${key}`;
