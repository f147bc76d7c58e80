// What the URLs of npm packages have in common on all CDNs, as sources of regular expressions.

/**
 * A version that is published once and never changes: `1.30.0` and `1.31.0-dev.20260914`, but not `1`, `^1.30.0` or
 * `latest`.
 */
export const EXACT_VERSION = String.raw`\d+\.\d+\.\d+(?!\d)[\w.+-]*(?=[/?#]|$)`;

/** Without percent-encoding, such as `%40` and `%2F` in a scope: two spellings would be two packages. */
const NAME = '[^/@?#%]+';

/** `d3`, `@duckdb/duckdb-wasm`. */
export const NPM_PACKAGE = `(?:@${NAME}/)?${NAME}`;

/** `org/repo`. */
export const GITHUB_REPOSITORY = `${NAME}/${NAME}`;

/** Follows a name, for what moves: a range, a tag, a branch. */
export const MOVING_VERSION = '@(?<version>[^/?#]+)';

/** Follows a name without a version. */
export const NO_VERSION = '(?=[/?#]|$)';

/** Ends a path: a query follows, a fragment, or nothing. */
const END = '(?:[?#]|$)';

/** Marks unpkg's description of a file or a folder, which is JSON. */
const METADATA = '.*[?&]meta(?:[&#=]|$)';

/** Goes where the URL begins. A folder is a listing and HTML is a page: neither is an asset. */
export const A_FILE = `(?![^?#]*(?:/|\\.html?)${END})(?!${METADATA})`;

/** The same, without what jsDelivr bundles on request: that may change with its bundler. */
export const A_PUBLISHED_FILE = `${A_FILE}(?![^?#]*/\\+esm${END})`;
