import type {ManifestAsset} from '@holdfast/manifest';
import {parseIntegrity} from './parseIntegrity.ts';

/** An asset of which something is known before it is fetched. The assets of a manifest are such. */
export interface ExpectedAsset extends ManifestAsset {
  /**
   * Its key. That is its URL, unless a plugin in front makes another one of it: then what that makes, so
   * `stableKey(url)` behind a `StableKeyPlugin`.
   */
  readonly url: string;

  /** An SRI string, e.g. `sha384-…`, instead of `digest`. Where it has several digests, the strongest count. */
  readonly integrity?: string | undefined;
}

/**
 * When a listed asset is checked.
 *
 * - `while-storing`: the page gets its bytes as they come, unverified. What is stored is verified.
 * - `before-serving`: the page gets the first byte when the last one is verified, or a network error.
 */
export type IntegrityMode = 'while-storing' | 'before-serving';

/** Options of {@link IntegrityPlugin}. */
export interface IntegrityPluginOptions {
  /** What is known of the assets: each with a size, a digest, or both. Others are stored unchecked. */
  assets: readonly ExpectedAsset[];

  /** @default 'while-storing' */
  mode?: IntegrityMode | undefined;
}

const MODES: readonly IntegrityMode[] = ['while-storing', 'before-serving'];

const HEX_DIGITS = {sha256: 64, sha384: 96, sha512: 128, 'git-blob-sha1': 40} as const;

/** As JSON, which has no word for all there is: a RegExp, a function, `undefined`, `NaN`. */
const shown = (value: unknown): string => {
  const isJson = typeof value === 'string' || (typeof value === 'object' && !(value instanceof RegExp));
  return isJson ? JSON.stringify(value) : String(value);
};

const check = (isRight: boolean, option: string, need: string, value: unknown): void => {
  if (!isRight) {
    const subject = option ? `option '${option}'` : 'the options';
    throw new TypeError(`IntegrityPlugin: ${subject} must be ${need}, but got ${shown(value)}.`);
  }
};

const checkFields = (value: unknown, at: string, names: readonly string[]): void => {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  check(isObject, at, `an object with ${names.join(', ')}`, value);
  for (const name of Object.keys(value as object)) {
    check(names.includes(name), at ? `${at}.${name}` : name, `one of ${names.join(', ')}`, name);
  }
};

const isKey = (url: unknown): boolean =>
  typeof url === 'string' && URL.canParse(url) && new URL(url).href === url && !url.includes('#');

const checkDigest = (digest: unknown, at: string): void => {
  checkFields(digest, at, ['algorithm', 'hex']);
  const {algorithm, hex} = digest as Record<string, unknown>;
  const algorithms = Object.keys(HEX_DIGITS);
  check(
    algorithms.includes(algorithm as string),
    `${at}.algorithm`,
    `one of ${algorithms.join(', ')}`,
    algorithm,
  );
  const digits = HEX_DIGITS[algorithm as keyof typeof HEX_DIGITS];
  const isHex = typeof hex === 'string' && hex.length === digits && /^[\da-f]+$/.test(hex);
  check(isHex, `${at}.hex`, `${digits} hex digits in lower case`, hex);
};

const checkAsset = (asset: unknown, at: string): void => {
  checkFields(asset, at, ['url', 'size', 'digest', 'integrity']);
  const {url, size, digest, integrity} = asset as Partial<ExpectedAsset>;
  check(
    isKey(url),
    `${at}.url`,
    'an absolute URL, spelled as `new URL(url).href` does, without a fragment',
    url,
  );
  if (size !== undefined) {
    check(Number.isSafeInteger(size) && size >= 0, `${at}.size`, 'a whole number of bytes', size);
  }
  if (digest !== undefined) {
    checkDigest(digest, `${at}.digest`);
    check(integrity === undefined, `${at}.integrity`, 'left out, since there is a digest', integrity);
  }
  if (integrity !== undefined) {
    const isSri = typeof integrity === 'string' && parseIntegrity(integrity).length > 0;
    check(isSri, `${at}.integrity`, 'an SRI string with sha256, sha384 or sha512', integrity);
  }
  check(
    [size, digest, integrity].some((known) => known !== undefined),
    at,
    'given a size or a digest',
    asset,
  );
};

/**
 * Refuses what {@link IntegrityPlugin} cannot work with. The plugin itself asks only in a development build, so
 * whatever makes a production worker out of options has to.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export const checkOptions = (options: unknown): void => {
  checkFields(options, '', ['assets', 'mode']);
  const {assets, mode = 'while-storing'} = options as Partial<IntegrityPluginOptions>;
  check(Array.isArray(assets), 'assets', 'an array of assets', assets);
  for (const [index, asset] of (assets as unknown[]).entries()) {
    checkAsset(asset, `assets[${index}]`);
  }
  check(MODES.includes(mode), 'mode', `one of ${MODES.join(', ')}`, mode);
};
