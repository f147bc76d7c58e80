import type {ManifestAsset} from '@holdfast/manifest';
import {OptionsChecker} from '../options/OptionsChecker.ts';
import {parseIntegrity} from './parseIntegrity.ts';

/** An asset that is known before it is fetched, by size, digest or both, as the assets of a manifest are. */
export interface ExpectedAsset extends ManifestAsset {
  /**
   * Its key: its URL, or what an earlier plugin makes of it, so `stableKey(url)` after a `StableKeyPlugin`.
   */
  readonly url: string;

  /** An SRI string, e.g. `sha384-…`, instead of `digest`. If it has several digests, the strongest count. */
  readonly integrity?: string | undefined;
}

/**
 * When a listed asset is checked.
 *
 * - `while-storing`: the page gets the bytes as they arrive, unverified. What is stored is verified.
 * - `before-serving`: the page gets the first byte when the last one is verified, or a network error.
 */
export type IntegrityMode = 'while-storing' | 'before-serving';

/** Options of {@link IntegrityPlugin}. */
export interface IntegrityPluginOptions {
  /** The assets to check, each with a size, a digest, or both. Others are stored unchecked. */
  assets: readonly ExpectedAsset[];

  /** @default 'while-storing' */
  mode?: IntegrityMode | undefined;
}

const MODES: readonly IntegrityMode[] = ['while-storing', 'before-serving'];

const HEX_DIGITS = {sha256: 64, sha384: 96, sha512: 128, 'git-blob-sha1': 40} as const;

const checker: OptionsChecker = /* @__PURE__ */ new OptionsChecker('IntegrityPlugin');

const isKey = (url: unknown): boolean =>
  typeof url === 'string' && URL.canParse(url) && new URL(url).href === url && !url.includes('#');

const checkDigest = (digest: unknown, at: string): void => {
  checker.checkFields(digest, at, ['algorithm', 'hex']);
  const {algorithm, hex} = digest as Record<string, unknown>;
  const algorithms = Object.keys(HEX_DIGITS);
  checker.check(
    algorithms.includes(algorithm as string),
    `${at}.algorithm`,
    `one of ${algorithms.join(', ')}`,
    algorithm,
  );
  const digits = HEX_DIGITS[algorithm as keyof typeof HEX_DIGITS];
  const isHex = typeof hex === 'string' && hex.length === digits && /^[\da-f]+$/.test(hex);
  checker.check(isHex, `${at}.hex`, `${digits} hex digits in lower case`, hex);
};

const checkAsset = (asset: unknown, at: string): void => {
  checker.checkFields(asset, at, ['url', 'size', 'digest', 'integrity']);
  const {url, size, digest, integrity} = asset as Partial<ExpectedAsset>;
  checker.check(
    isKey(url),
    `${at}.url`,
    'an absolute URL, spelled as `new URL(url).href` does, without a fragment',
    url,
  );
  if (size !== undefined) {
    checker.check(Number.isSafeInteger(size) && size >= 0, `${at}.size`, 'a whole number of bytes', size);
  }
  if (digest !== undefined) {
    checkDigest(digest, `${at}.digest`);
    checker.check(integrity === undefined, `${at}.integrity`, 'left out, since there is a digest', integrity);
  }
  if (integrity !== undefined) {
    const isSri = typeof integrity === 'string' && parseIntegrity(integrity).length > 0;
    checker.check(isSri, `${at}.integrity`, 'an SRI string with sha256, sha384 or sha512', integrity);
  }
  checker.check(
    [size, digest, integrity].some((known) => known !== undefined),
    at,
    'given a size or a digest',
    asset,
  );
};

/**
 * Refuses options that {@link IntegrityPlugin} cannot work with. The plugin itself checks in a development build only,
 * so a tool that writes options into a production worker has to check them.
 *
 * @throws TypeError that names the option, what it must be, and the value it got.
 */
export const checkOptions = (options: unknown): void => {
  checker.checkFields(options, '', ['assets', 'mode']);
  const {assets, mode = 'while-storing'} = options as Partial<IntegrityPluginOptions>;
  checker.check(Array.isArray(assets), 'assets', 'an array of assets', assets);
  for (const [index, asset] of (assets as unknown[]).entries()) {
    checkAsset(asset, `assets[${index}]`);
  }
  checker.check(MODES.includes(mode), 'mode', `one of ${MODES.join(', ')}`, mode);
};
