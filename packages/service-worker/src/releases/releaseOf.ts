import {publicKey} from '../http/partition.ts';

/** Which assets a plugin looks after, and how the names of their caches begin. */
export interface Scope {
  prefix: string;
  /** Whether the route says that its answers may be HTML. */
  isHtml?: boolean | undefined;
  pattern: RegExp;
}

/** The release that a URL belongs to. Without a version, it is the one that is current in its line. */
export interface Release {
  /** The line's id: see {@link idOf}. */
  line: string;
  version: string | undefined;
}

const escaped = (text: string, characters: RegExp): string => text.replace(characters, encodeURIComponent);

/** Escapes a text so that it has no dash. */
const withoutDash = (text: string): string => escaped(text, /%/g).replace(/-/g, '%2D');

/**
 * Returns the id of a line, by which the records know it: the prefix and the values of all named groups but `version`,
 * joined by dashes. Dashes of the prefix are escaped, and so are those of values where there are several. So the lines
 * `en` of `models-x` and `x-en` of `models` have two ids, although they have the same name.
 *
 * @param hasSeveral whether the pattern has several such groups.
 */
const idOf = (
  prefix: string,
  values: readonly (string | false | undefined)[],
  hasSeveral: boolean,
): string => {
  const texts = values.filter(Boolean) as string[];
  const parts = texts.map((text) => (hasSeveral ? withoutDash(text) : escaped(text, /%/g)));
  return [withoutDash(prefix)].concat(parts).join('-');
};

/** Returns the prefix of a line. */
export const prefixOf = (line: string): string => nameOf(line.split('-', 1)[0] as string);

/** Returns the whole name of a line, as people and caches know it: the prefix and the values, joined by dashes. */
export const nameOf = (line: string): string =>
  line.replace(/%2D|%25/g, (code) => (code === '%25' ? '%' : '-'));

/**
 * Reads line and version out of a key.
 *
 * @returns `undefined` for a URL out of scope.
 */
export const releaseOf = ({prefix, pattern}: Scope, url: string): Release | undefined => {
  // With the flag g or y it would begin behind its last match.
  pattern.lastIndex = 0;
  const match = pattern.exec(publicKey(url));
  if (!match) {
    return undefined;
  }
  const {groups = {}} = match;
  const names = Object.keys(groups).filter((name) => name !== 'version');
  const values = names.map((name) => groups[name]);
  return {line: idOf(prefix, values, values.length > 1), version: groups.version || undefined};
};

/** Returns the groups of a scope's pattern that tell its lines apart, in the order of their names in a line's name. */
export const groupsOf = ({pattern}: Scope): string[] =>
  // An empty alternative matches any text, with all groups undefined.
  Object.keys(
    new RegExp(`${pattern.source}|`, pattern.flags.replace(/[gy]/g, '')).exec('')?.groups ?? {},
  ).filter((name) => name !== 'version');

/** Returns the id of the line of a scope that has these values. */
export const lineOf = (scope: Scope, values: Readonly<Record<string, unknown>>): string => {
  const names = groupsOf(scope);
  return idOf(
    scope.prefix,
    names.map((name) => values[name] as string),
    names.length > 1,
  );
};

/**
 * Returns the ids that a line of a whole name has in a scope, as far as the name tells: with several groups, it does not
 * tell where each of the values ends.
 */
export const linesNamed = (scope: Scope, name: string): string[] => {
  const {prefix} = scope;
  const groups = groupsOf(scope).length;
  if (name === prefix) {
    return [idOf(prefix, [], false)];
  }
  const rest = name.slice(prefix.length + 1);
  const values = groups > 1 ? rest.split('-') : [rest];
  const isLine = Boolean(prefix && rest) && name.startsWith(`${prefix}-`) && values.length <= groups;
  return isLine ? [idOf(prefix, values, groups > 1)] : [];
};

/** Tells whether a line belongs to one of some scopes. A scope without a prefix, which only unchecked options have, has none. */
export const isLineOf = (scopes: readonly Scope[], line: string): boolean =>
  scopes.some(({prefix}) => prefix && line.split('-', 1)[0] === withoutDash(prefix));

/** Tells whether an asset belongs to a release, by the pattern of any scope. */
export const isOfRelease = (
  scopes: readonly Scope[],
  key: string,
  {line, version}: {line: string; version: string},
): boolean =>
  scopes.some((scope) => {
    const release = releaseOf(scope, key);
    return release?.line === line && (release.version ?? version) === version;
  });

/** Returns the name of a release's cache: `models-en-us` and `v0.6.0` give `models-en-us-v0.6.0`. */
export const cacheNameOf = (line: string, version: string): string => `${nameOf(line)}-${version}`;
