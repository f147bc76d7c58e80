import type {Manifest} from '@holdfast/manifest';
import type {Releases} from '../Releases.ts';
import {nameOf} from '../releaseOf.ts';
import {fetchManifest} from './fetchManifest.ts';
import {keysOf} from './keysOf.ts';
import {readAssets} from './readAssets.ts';
import type {ReadAssets} from './StagedAsset.ts';
import {stagedRelease} from './stagedReleases.ts';

/** What a page asks to be staged. */
export interface Wanted {
  line: string;
  version: string;
  /** A manifest, its URL, or anything else that a page may send; `undefined` for that of the last stage. */
  manifest: unknown;
  /** URL → path, of those that go into the origin private file system. */
  files: unknown;
  event: ExtendableMessageEvent;
}

/**
 * Reads which assets are wanted.
 *
 * @throws Error where no manifest is known, or it cannot be fetched; TypeError that says what is wrong with it.
 */
export const wantedAssets = async (
  releases: Releases,
  {line, version, manifest, files, event}: Wanted,
  signal: AbortSignal,
): Promise<ReadAssets> => {
  if (manifest === undefined) {
    const known = await stagedRelease(line, version);
    if (!known) {
      throw new Error(`no manifest of '${version}' of '${nameOf(line)}' is known. Stage it with one.`);
    }
    return {assets: known.assets, urls: new Map()};
  }
  const {scopes, worker} = releases;
  const found = typeof manifest === 'string' ? await fetchManifest(manifest, signal) : Object(manifest);
  return readAssets(found as Manifest, Object(files), {line, version, scopes, keysOf: keysOf(worker, event)});
};

/** Tells whether the same URL of a manifest is wanted, which need not be fetched to know that. */
export const isSameUrl = (one: Wanted, other: Wanted): boolean =>
  typeof one.manifest === 'string' &&
  one.manifest === other.manifest &&
  JSON.stringify(one.files) === JSON.stringify(other.files);
