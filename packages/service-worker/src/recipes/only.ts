import {glob} from './glob.ts';

/**
 * Which URLs: a {@link glob} for the whole of them with their query, or a regular expression for a part, without
 * flags, named groups and back-references.
 */
export type UrlPattern = string | RegExp;

/** A named group would become a part of a cache's name, and a number would count other groups. */
const hasOwnReferences = (source: string): boolean =>
  new RegExp(`${source}|`).exec('')?.groups !== undefined || /^(?:[^\\]|\\[^1-9])*\\[1-9]/.test(source);

const sourceOf = (wanted: UrlPattern): string => {
  const {source, flags} = typeof wanted === 'string' ? glob(wanted) : wanted;
  if (flags) {
    throw new TypeError(`A pattern for URLs must be a RegExp without flags, but got /${source}/${flags}.`);
  }
  if (hasOwnReferences(source)) {
    throw new TypeError(
      `A pattern for URLs must be a RegExp without named groups and back-references, but got /${source}/.`,
    );
  }
  return `.*?(?:${source})`;
};

/**
 * Narrows a pattern down to the URLs that one of the wanted ones matches too.
 *
 * @param pattern begins with `^`.
 * @throws TypeError for a regular expression with flags, named groups or back-references.
 */
export const only = (pattern: RegExp, wanted: UrlPattern | readonly UrlPattern[] | undefined): RegExp => {
  if (wanted === undefined) {
    return pattern;
  }
  const sources = [wanted].flat().map(sourceOf).join('|');
  // Of an empty list, no URL is wanted: an empty pattern would match them all.
  return new RegExp(`(?=${sources || '(?!)'})${pattern.source}`);
};
