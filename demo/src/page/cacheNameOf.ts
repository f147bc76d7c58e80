/**
 * Returns the name of the cache of a release.
 *
 * @param line the line's whole name: the `name` of its route and the values that select the line, joined by dashes.
 */
export const cacheNameOf = (line: string, version: string): string => `${line}-${version}`;
