import {literal} from './literal.ts';

/** Refuses longer URLs, so that none takes long. Goes after `^`. */
export const NO_LONG_URL = '(?!.{8001})';

/** Returns a pattern that begins with `^`, for URLs that are not long. */
export const exceptLong = ({source}: RegExp): RegExp =>
  new RegExp(source.startsWith(`^${NO_LONG_URL}`) ? source : `^${NO_LONG_URL}${source.slice(1)}`);

const sourceOf = (glob: string): string => literal(glob).replaceAll('\\?', '.');

/**
 * Makes a pattern for whole URLs: `*` stands for any characters, slashes too, `?` for any one character, and everything
 * else for itself. The `?` that begins a query needs no escape, because `?` matches it. URLs longer than 8,000 characters
 * never match.
 *
 * It takes linear time: a star ends where the text after it occurs first, which is also enough to find every match.
 *
 * No library: to picomatch and minimatch a pattern is a path, so their `*` ends at a slash, and several stars of theirs
 * take polynomial time.
 *
 * @example
 * glob('https://example.org/models/*.onnx'); // matches https://example.org/models/en/a.onnx
 */
export const glob = (pattern: string): RegExp => {
  const [first = '', ...others] = pattern.split(/\*+/).map(sourceOf);
  const last = others.pop();
  const middle = others.map((text) => `(?:(?!${text}).)*${text}`).join('');
  return new RegExp(`^${NO_LONG_URL}${first}${middle}${last === undefined ? '' : `.*${last}`}$`);
};
