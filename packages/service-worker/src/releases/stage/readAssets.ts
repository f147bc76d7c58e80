import type {Digest, Manifest} from '@holdfast/manifest';
import {cacheNameOf, type ReleaseAsset, releaseOf, scopes} from '../staging.ts';

/** An asset of a release that is staged, as it is kept on record: without its URL, which may be a signed one. */
export interface StagedAsset extends ReleaseAsset {
  /** Bytes of the body as a page reads it. */
  size?: number | undefined;
  digest?: Digest | undefined;
}

/** Which release is staged, and under which keys its assets are kept. */
export interface Target {
  line: string;
  version: string;
  stableKey: (url: string) => string;
}

/** The assets of a release, by key. */
export interface ReadAssets {
  assets: readonly StagedAsset[];
  /** Key → the URL to fetch it from. */
  urls: ReadonlyMap<string, string>;
}

const HEX_DIGITS: Readonly<Record<string, number>> = {
  sha256: 64,
  sha384: 96,
  sha512: 128,
  'git-blob-sha1': 40,
};

/** Names as the origin private file system takes them. https://fs.spec.whatwg.org/#valid-file-name */
const isPath = (path: unknown): path is string =>
  typeof path === 'string' && path.split('/').every((name) => /^(?!\.{1,2}$)[^\\]+$/.test(name));

const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) >= 0;

const isDigest = (digest: unknown): boolean => {
  const {algorithm, hex} = Object(digest);
  return typeof hex === 'string' && hex.length === HEX_DIGITS[algorithm] && /^[\da-f]+$/.test(hex);
};

/** Whether a key is one of the release, by the pattern of any of the plugins. */
const isOfRelease = (key: string, {line, version}: Target): boolean =>
  scopes.some((scope) => {
    const release = releaseOf(scope, key);
    return release?.line === line && (release.version ?? version) === version;
  });

const differ = <Value>(one: Value | undefined, other: Value | undefined): boolean =>
  one !== undefined && other !== undefined && one !== other;

/** @throws TypeError that says which two files would be in each other's place. */
const refuseConflicts = (assets: readonly StagedAsset[]): void => {
  const paths = assets.flatMap(({file}) => (file === undefined ? [] : [file])).sort();
  for (const [index, path] of paths.entries()) {
    const next = paths[index + 1];
    if (next === path || paths.some((other) => other.startsWith(`${path}/`))) {
      throw new TypeError(`payload.files has '${path}' for two files, or for a file and a folder.`);
    }
  }
};

/**
 * The assets of a manifest, with their keys.
 *
 * @throws TypeError that names the asset and says what is wrong with it.
 */
export const readAssets = (
  manifest: Manifest,
  files: Readonly<Record<string, string>>,
  target: Target,
): ReadAssets => {
  if (!Array.isArray(manifest.assets) || manifest.assets.length === 0) {
    throw new TypeError('payload.manifest.assets must be a list with at least one asset.');
  }
  const assets = new Map<string, StagedAsset>();
  const urls = new Map<string, string>();
  for (const [index, given] of (manifest as Manifest).assets.entries()) {
    const {url, size, digest} = Object(given) as Partial<Manifest['assets'][number]>;
    const refuse = (reason: string): never => {
      throw new TypeError(`payload.manifest.assets[${index}], '${String(url).split('?')[0]}', ${reason}.`);
    };
    if (typeof url !== 'string' || !URL.canParse(url)) {
      return refuse('has no URL');
    }
    const key = target.stableKey(url);
    if (!isOfRelease(key, target)) {
      refuse(`is no asset of '${cacheNameOf(target.line, target.version)}', by no plugin's pattern`);
    }
    if (size === undefined && digest === undefined) {
      refuse('has neither a size nor a digest');
    }
    if (size !== undefined && !isSize(size)) {
      refuse('has a size that is no whole number of bytes');
    }
    if (digest !== undefined && !isDigest(digest)) {
      refuse(`has a digest that is not {algorithm, hex}, with one of ${Object.keys(HEX_DIGITS).join(', ')}`);
    }
    const known = assets.get(key);
    if (differ(known?.size, size) || differ(known?.digest?.hex, digest?.hex)) {
      refuse('is listed before with another size or digest');
    }
    const path = Object.hasOwn(files, url) ? files[url] : known?.file;
    assets.set(key, {key, size: size ?? known?.size, digest: digest ?? known?.digest, file: path});
    urls.set(key, url);
  }

  for (const [url, path] of Object.entries(files)) {
    if (!isPath(path)) {
      throw new TypeError(
        `payload.files has no path of file names for '${url}', but ${JSON.stringify(path)}.`,
      );
    }
    if (assets.get(target.stableKey(url))?.file !== path) {
      throw new TypeError(`payload.files has '${url}', which is no URL of the manifest.`);
    }
  }
  refuseConflicts([...assets.values()]);
  return {assets: [...assets.values()], urls};
};
