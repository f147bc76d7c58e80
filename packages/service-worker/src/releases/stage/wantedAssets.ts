import type {Manifest} from '@holdfast/manifest';
import {accountIn, partitionKey} from '../../http/partition.ts';
import type {Releases} from '../Releases.ts';
import {nameOf} from '../releaseOf.ts';
import {fetchManifest} from './fetchManifest.ts';
import {keysOf} from './keysOf.ts';
import {readAssets} from './readAssets.ts';
import type {ReadAssets, StagedAsset} from './StagedAsset.ts';
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
  /** Of the private files, where the page has handed a credential over. */
  account?: string | undefined;
  /** With that credential. They stay in memory. */
  headers?: Headers | undefined;
}

/** Tells whether a manifest comes from the app's own server, which needs no credential of another host. */
const isOwn = (url: string): boolean => new URL(url, location.href).origin === location.origin;

/**
 * Puts the private files of a release into the partition of their account. A credential is for one origin: that of the
 * manifest, where another host has it, or else that of the first file. Files of other origins are everybody's.
 */
const inPartition = ({assets, urls}: ReadAssets, account: string, manifest: unknown): ReadAssets => {
  const urlOf = ({key}: StagedAsset): string => urls.get(key) ?? key;
  const isForeign = typeof manifest === 'string' && !isOwn(manifest);
  const {origin} = new URL(isForeign ? manifest : urlOf(assets[0] as StagedAsset));
  const moved = new Map(urls);
  const placed = assets.map((asset) => {
    const url = urlOf(asset);
    if (new URL(url).origin !== origin) {
      return asset;
    }
    const {file} = asset;
    const key = partitionKey(asset.key, account);
    moved.delete(asset.key);
    moved.set(key, url);
    return Object.assign({}, asset, {key, file: file === undefined ? file : `${account}/${file}`});
  });
  return {assets: placed, urls: moved};
};

/**
 * Reads which assets are wanted.
 *
 * @throws Error where no manifest is known, or it cannot be fetched; TypeError that says what is wrong with it.
 */
export const wantedAssets = async (
  releases: Releases,
  {line, version, manifest, files, event, account, headers}: Wanted,
  signal: AbortSignal,
): Promise<ReadAssets> => {
  if (manifest === undefined) {
    const known = await stagedRelease(line, version);
    if (!known) {
      throw new Error(`no manifest of '${version}' of '${nameOf(line)}' is known. Stage it with one.`);
    }
    const assets = known.assets.filter(({key}) => [undefined, account].includes(accountIn(key)));
    return {assets, urls: new Map(), headers};
  }
  const {scopes, worker} = releases;
  const found =
    typeof manifest === 'string'
      ? await fetchManifest(manifest, signal, isOwn(manifest) ? undefined : headers)
      : Object(manifest);
  const target = {line, version, scopes, keysOf: keysOf(worker, event)};
  const read = readAssets(found as Manifest, Object(files), target);
  return Object.assign({headers}, account === undefined ? read : inPartition(read, account, manifest));
};

/** Tells whether the same URL of a manifest is wanted, which need not be fetched to know that. */
export const isSameUrl = (one: Wanted, other: Wanted): boolean =>
  typeof one.manifest === 'string' &&
  one.manifest === other.manifest &&
  JSON.stringify(one.files) === JSON.stringify(other.files);
