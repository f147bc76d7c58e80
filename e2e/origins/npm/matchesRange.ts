/** Compares numbers: `1.4.0` is below `1.30.0`. */
const isAtLeast = (version: string, least: string): boolean =>
  version.localeCompare(least, 'en', {numeric: true}) >= 0;

/** How many numbers must be equal: https://github.com/npm/node-semver#advanced-range-syntax */
const FIXED: Readonly<Record<string, number>> = {'^': 1, '~': 2};

/**
 * Returns whether a version matches what follows the `@` in a CDN's URL: `1.30.0`, `1.30`, `1`, `~1.30.0`,
 * `^1.30.0`, or the tag `latest`. No package here has a version below 1, for which `^` has other rules.
 */
export const matchesRange = (version: string, range: string): boolean => {
  if (range === 'latest') {
    return true;
  }
  const [, operator = '', base = ''] = /^([\^~]?)(.*)$/.exec(range) ?? [];
  const numbers = version.split('.');
  const fixed = base.split('.').slice(0, FIXED[operator]);
  return fixed.every((number, index) => number === numbers[index]) && isAtLeast(version, base);
};
