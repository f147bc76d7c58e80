/** Which assets a plugin looks after, and how the names of their caches begin. */
export interface Scope {
  prefix: string;
  pattern: RegExp;
}

/** The release that a URL belongs to. Without a version, it is the one that is current in its line. */
export interface Release {
  /** The line's whole name: the prefix and the values of all named groups but `version`, joined by dashes. */
  line: string;
  version: string | undefined;
}

const join = (prefix: string, values: readonly (string | false | undefined)[]): string =>
  [prefix].concat(values.filter(Boolean) as string[]).join('-');

/**
 * Reads line and version out of a key.
 *
 * @returns `undefined` for a URL out of scope.
 */
export const releaseOf = ({prefix, pattern}: Scope, url: string): Release | undefined => {
  // With the flag g or y it would begin behind its last match.
  pattern.lastIndex = 0;
  const match = pattern.exec(url);
  if (!match) {
    return undefined;
  }
  const {groups = {}} = match;
  const values = Object.keys(groups).map((name) => name !== 'version' && groups[name]);
  return {line: join(prefix, values), version: groups.version || undefined};
};

/** Returns the groups of a scope's pattern that tell its lines apart, in the order of their names in a line's name. */
export const groupsOf = ({pattern}: Scope): string[] =>
  // An empty alternative matches any text, with all groups undefined.
  Object.keys(
    new RegExp(`${pattern.source}|`, pattern.flags.replace(/[gy]/g, '')).exec('')?.groups ?? {},
  ).filter((name) => name !== 'version');

/** Returns the whole name of the line of a scope that has these values. */
export const lineOf = (scope: Scope, values: Readonly<Record<string, unknown>>): string =>
  join(
    scope.prefix,
    groupsOf(scope).map((name) => values[name] as string),
  );

/** Returns the name of a release's cache: `models-en-us` and `v0.6.0` give `models-en-us-v0.6.0`. */
export const cacheNameOf = (line: string, version: string): string => `${line}-${version}`;
