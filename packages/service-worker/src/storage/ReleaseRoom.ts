import type {FilePlace} from '../downloads/PieceStore.ts';
import {evictable, evictRelease} from '../releases/evictRelease.ts';
import {ownsKey} from '../releases/ownership.ts';
import {type Releases, releaseId} from '../releases/Releases.ts';
import {readRecords} from '../releases/records.ts';
import {cacheNameOf, isLineOf} from '../releases/releaseOf.ts';
import type {StagedAsset} from '../releases/stage/StagedAsset.ts';
import type {StoragePlace} from '../worker/StorageLedger.ts';
import type {Entry} from './Entry.ts';
import {keysIn} from './keysIn.ts';

/** A file that is stored, with its bytes, where they are known. */
export interface FoundFile extends StoragePlace {
  bytes?: number | undefined;
}

/** What the ledger has to know of releases. A worker without releases does not carry its code. */
export class ReleaseRoom {
  private readonly releases: Releases;

  constructor(releases: Releases) {
    this.releases = releases;
  }

  /** Deletes a release as a whole. @returns whether it is gone: one that somebody needs by now stays. */
  evict(line: string, version: string): Promise<boolean> {
    return evictRelease(this.releases, line, version);
  }

  /** Returns what tells whether nobody needs the release of a file. */
  async evictable(): Promise<(entry: Entry) => boolean> {
    const mayGo = await evictable(this.releases);
    return ({line = '', version = ''}) => mayGo({line, version});
  }

  /** Returns what tells whether the release of a file still has a cache. */
  async recorded(): Promise<(entry: Entry) => boolean> {
    const known = new Set((await readRecords('cache')).map(releaseId));
    return ({line = '', version = ''}) => known.has(releaseId({line, version}));
  }

  /**
   * Lists what the worker's releases have in their caches, and as files.
   *
   * @param inPieces the files of all caches of which there are pieces.
   */
  async files(inPieces: readonly FilePlace[]): Promise<FoundFile[]> {
    const {scopes} = this.releases;
    const recorded = await readRecords('cache');
    const files: FoundFile[] = [];
    for (const cache of recorded.filter(({line}) => isLineOf(scopes, line))) {
      const {line, version} = cache;
      const cacheName = cacheNameOf(line, version);
      const keys = (await keysIn(cacheName, inPieces)).filter(ownsKey(scopes, cache, recorded));
      files.push(...keys.map((key) => ({cacheName, key, line, version})));
    }
    for (const {line, version, isComplete, assets} of await readRecords('release')) {
      const cacheName = cacheNameOf(line, version);
      const stored = (assets as readonly StagedAsset[]).filter(
        ({file}) => isComplete && file !== undefined && isLineOf(scopes, line),
      );
      files.push(...stored.map(({key, size = 1}) => ({cacheName, key, line, version, bytes: size})));
    }
    return files;
  }
}
