import {glob} from './glob.ts';

/** Which URLs: a {@link glob} for the whole of them, or a regular expression without flags for a part. */
export type UrlPattern = string | RegExp;

const sourceOf = (wanted: UrlPattern): string => {
  const {source, flags} = typeof wanted === 'string' ? glob(wanted) : wanted;
  if (flags) {
    throw new TypeError(`A pattern for URLs must be a RegExp without flags, but got /${source}/${flags}.`);
  }
  return `.*?(?:${source})`;
};

/**
 * Narrows a pattern down to the URLs that one of the wanted ones matches too.
 *
 * @param pattern begins with `^`.
 * @throws TypeError for a regular expression with flags.
 */
export const only = (pattern: RegExp, wanted: UrlPattern | readonly UrlPattern[] | undefined): RegExp => {
  if (wanted === undefined) {
    return pattern;
  }
  const sources = [wanted].flat().map(sourceOf).join('|');
  // Of an empty list, no URL is wanted: an empty pattern would match them all.
  return new RegExp(`(?=${sources || '(?!)'})${pattern.source}`);
};
