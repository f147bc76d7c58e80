/**
 * The path of a file as a part of a URL. Only what would mean something else there is escaped, and the URL parser
 * does the rest: so a page gets to the same URL when it joins base and path.
 */
export function encodePath(path: string): string {
  return path.replace(/[%?#\\\s\p{Cc}]/gu, encodeURIComponent);
}
