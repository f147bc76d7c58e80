import {exceptLong, glob, NO_LONG_URL} from './glob.ts';

/**
 * Which URLs: a {@link glob} for whole URLs with their query, or a regular expression for a part of them, without flags,
 * named groups and back-references.
 */
export type UrlPattern = string | RegExp;

/** Named groups would meet those of the recipe, and a number would count other groups. */
const hasOwnReferences = (source: string): boolean =>
  new RegExp(`${source}|`).exec('')?.groups !== undefined || /^(?:[^\\]|\\[^1-9])*\\[1-9]/.test(source);

/** Tells whether a glob may match a URL with a host. */
const isOfUrls = (wanted: string): boolean => {
  const [beginning = ''] = wanted.split(/[*?]/);
  return ['https://', 'http://'].some(
    (scheme) => scheme.startsWith(beginning) || beginning.startsWith(scheme),
  );
};

const sourceOf = (wanted: UrlPattern): string => {
  if (typeof wanted === 'string') {
    if (!isOfUrls(wanted)) {
      const anywhere = `*/${wanted.replace(/^\/+/, '')}${wanted.endsWith('*') ? '' : '*'}`;
      throw new TypeError(
        `A pattern for URLs is compared with whole URLs, and none begins with '${wanted}'. Write e.g. '${anywhere}'.`,
      );
    }
    return glob(wanted).source;
  }
  const {source, flags} = wanted;
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
 * Narrows a pattern to the URLs that one of the wanted ones matches, too.
 *
 * @param pattern begins with `^`.
 * @throws TypeError for a glob that matches no URL, and for a regular expression with flags, named groups or
 * back-references.
 */
export const only = (pattern: RegExp, wanted: UrlPattern | readonly UrlPattern[] | undefined): RegExp => {
  if (wanted === undefined) {
    return exceptLong(pattern);
  }
  const sources = [wanted].flat().map(sourceOf).join('|');
  // An empty list wants no URL: an empty pattern would match all of them. The first `^` saves trying at every character.
  return new RegExp(`^${NO_LONG_URL}(?=${sources || '(?!)'})${pattern.source}`);
};
