import type {Digest, Manifest} from '@holdfast/manifest';
import {parseUrl} from '../../http/parseUrl.ts';
import {shownUrl} from '../../http/shownUrl.ts';
import {cacheNameOf, isOfRelease, type Scope} from '../releaseOf.ts';
import type {ReadAssets, StagedAsset} from './StagedAsset.ts';

/** The release that a manifest describes. */
export interface Target {
  line: string;
  version: string;
  scopes: readonly Scope[];
  /** Makes the keys that a URL may have, the most likely one first. */
  keysOf(url: string): readonly string[];
}

const HEX_DIGITS: Readonly<Record<string, number>> = {
  sha256: 64,
  sha384: 96,
  sha512: 128,
  'git-blob-sha1': 40,
};

/** Tells whether names are valid in the origin private file system. https://fs.spec.whatwg.org/#valid-file-name */
const isPath = (path: unknown): path is string =>
  typeof path === 'string' && path.split('/').every((name) => /^(?!\.{1,2}$)[^\\]+$/.test(name));

const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) >= 0;

const isDigest = (digest: unknown): boolean => {
  const {algorithm, hex} = Object(digest);
  return typeof hex === 'string' && hex.length === HEX_DIGITS[algorithm] && /^[\da-f]+$/.test(hex);
};

/** Of digests by two algorithms, which may both be right: the first one, but SHA-1 gives way to any other. */
const betterOf = (known: Digest | undefined, digest: Digest | undefined): Digest | undefined =>
  known?.algorithm === 'git-blob-sha1' ? (digest ?? known) : (known ?? digest);

/** Returns a path that cannot exist beside the others: of two files, or of a file and a folder. */
const findConflict = (paths: readonly string[]): string | undefined => {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
      folders.add(path.slice(0, end));
    }
  }
  const known = new Set<string>();
  return paths.find((path) => folders.has(path) || known.size === known.add(path).size);
};

/**
 * Reads the assets of a manifest, with their keys.
 *
 * @param files URL → path, of those that go into the origin private file system.
 * @throws TypeError that names the asset and what is wrong with it.
 */
export const readAssets = (
  manifest: Manifest,
  files: Readonly<Record<string, string>>,
  target: Target,
): ReadAssets => {
  if (!Array.isArray(manifest.assets) || manifest.assets.length === 0) {
    throw new TypeError('the manifest must have an array of assets, with at least one.');
  }
  const assets = new Map<string, StagedAsset>();
  const urls = new Map<string, string>();
  const keys = new Map<string, string>();
  /** Algorithm and key → hex digits: those of two algorithms cannot be compared. */
  const digests = new Map<string, string>();
  for (const [index, given] of (manifest as Manifest).assets.entries()) {
    const {url, size, digest} = Object(given) as Partial<Manifest['assets'][number]>;
    const refuse = (need: string): never => {
      throw new TypeError(`assets[${index}] of the manifest, '${shownUrl(String(url))}', must ${need}.`);
    };
    if (typeof url !== 'string' || !parseUrl(url)) {
      return refuse('have an absolute URL');
    }
    const key =
      target.keysOf(url).find((one) => isOfRelease(target.scopes, one, target)) ??
      refuse(
        `belong to '${cacheNameOf(target.line, target.version)}' by the pattern of a route. A manifest of a folder names where its files are with --base`,
      );
    const isKnown = size !== undefined || digest !== undefined;
    if (!isKnown || !(size === undefined || isSize(size)) || !(digest === undefined || isDigest(digest))) {
      refuse(`have a size in bytes, or a digest {algorithm, hex} by ${Object.keys(HEX_DIGITS).join(', ')}`);
    }
    const known = assets.get(key) ?? {key};
    const id = `${digest?.algorithm} ${key}`;
    const hex = digests.get(id) ?? digest?.hex;
    if ((known.size ?? size) !== (size ?? known.size) || hex !== digest?.hex) {
      refuse('not be listed twice with another size or digest');
    }
    if (hex !== undefined) {
      digests.set(id, hex);
    }
    const file = Object.hasOwn(files, url) ? files[url] : known.file;
    assets.set(key, {key, size: size ?? known.size, digest: betterOf(known.digest, digest), file});
    urls.set(key, url);
    keys.set(url, key);
  }

  const read = [...assets.values()];
  const conflict = findConflict(read.flatMap(({file}) => (isPath(file) ? file : [])));
  for (const [url, path] of Object.entries(files)) {
    if (!isPath(path) || assets.get(keys.get(url) ?? '')?.file !== path || path === conflict) {
      throw new TypeError(
        `files['${shownUrl(url)}'] must name a URL of the manifest, and a path of its own, but got ${JSON.stringify(path)}.`,
      );
    }
  }
  return {assets: read, urls};
};
