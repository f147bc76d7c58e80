/**
 * Encodes the path of a file as a path in a URL. Escapes only the characters that have another meaning in a URL, and
 * leaves the rest to the URL parser. So a page that joins base and path gets the same URL.
 */
export function encodePath(path: string): string {
  return path.replace(/[%?#\\\s\p{Cc}]/gu, encodeURIComponent);
}
