import type {Field} from './Field.ts';

/** A `..` that a server may see once it has decoded the path; the parser has resolved all others. */
const HIDDEN_STEP_UP = /(?:\/|%2f|%5c)(?:\.|%2e){2}(?:\/|%2f|%5c|$)/i;

/**
 * The URL of an asset: a path below the folder, or an absolute URL.
 *
 * @param folder what {@link folderOf} has given.
 * @param path a URL as `new URL()` takes it, if it is not what the field says.
 * @throws ManifestError for all that leads elsewhere than it seems.
 */
export function assetUrl(field: Field, folder: string, path = field.text()): string {
  const url = parseUrl(path, folder) ?? field.refuse('is neither a URL nor a path');
  if (!/^https?:$/.test(url.protocol)) {
    field.refuse('must be a URL of the scheme https or http, or a path');
  }
  if (url.username || url.password) {
    field.refuse('must not hold credentials');
  }
  if (url.href.includes('#')) {
    field.refuse('must not have a fragment (a # in the name of a file is written %23)');
  }
  const isBelow = url.href.startsWith(folder) && url.href !== folder && !HIDDEN_STEP_UP.test(url.pathname);
  if (!isBelow && !/^https?:\/\//i.test(path)) {
    field.refuse('must be the path of a file below the base');
  }
  return url.href;
}

/**
 * The folder that a base stands in, with the slash at its end: `https://a.example/b/c.json` and
 * `https://a.example/b/` both give `https://a.example/b/`.
 *
 * @throws TypeError
 */
export function folderOf(base: string | URL): string {
  const url = parseUrl('.', base);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    // Not the URL itself, which may hold a signature.
    throw new TypeError('manifest: base must be an absolute URL, https or http, without credentials');
  }
  return url.href;
}

function parseUrl(url: string, base: string | URL): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}
