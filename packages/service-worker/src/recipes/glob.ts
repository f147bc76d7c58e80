import {literal} from './literal.ts';

/**
 * A pattern for whole URLs: `*` stands for any run of characters, slashes too, `?` for any one character, and
 * everything else for itself. The `?` that begins a query needs no sign of its own, because `?` matches it.
 *
 * No library: to picomatch and minimatch a pattern is a path of folders, so their `*` ends at a slash.
 * wildcard-match can be told to mean the same as this, but is a hundred lines for this one.
 *
 * @example
 * glob('https://example.org/models/*.onnx'); // /^https:\/\/example\.org\/models\/.*\.onnx$/
 */
export const glob = (pattern: string): RegExp =>
  new RegExp(`^${literal(pattern).replace(/\\([*?])/g, (_, sign) => (sign === '*' ? '.*' : '.'))}$`);
