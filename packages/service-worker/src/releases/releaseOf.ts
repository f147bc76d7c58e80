/** Which assets a plugin looks after, and what their caches are called. */
export interface Scope {
  prefix: string;
  pattern: RegExp;
}

/** The release that a URL belongs to. Without a version, it is whichever release of the line is current. */
export interface Release {
  /** The line's name: the prefix and the values of all named groups but `version`, joined by dashes. */
  line: string;
  version: string | undefined;
}

/**
 * Reads line and version out of a key.
 *
 * @returns `undefined` for a URL that the scope does not look after.
 */
export const releaseOf = ({prefix, pattern}: Scope, url: string): Release | undefined => {
  // With a flag that says so it would go on behind its last match.
  pattern.lastIndex = 0;
  const match = pattern.exec(url);
  if (!match) {
    return undefined;
  }
  const {groups = {}} = match;
  const values = Object.keys(groups).map((name) => name !== 'version' && groups[name]);
  return {line: [prefix, ...values.filter(Boolean)].join('-'), version: groups.version || undefined};
};

/** `mailwoman-assets-en-us` and `v0.6.0` give `mailwoman-assets-en-us-v0.6.0`. */
export const cacheNameOf = (line: string, version: string): string => `${line}-${version}`;
