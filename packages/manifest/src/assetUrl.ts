import type {Field} from './Field.ts';
import {resolvePath} from './resolvePath.ts';

/**
 * Resolves the URL of an asset, as {@link resolvePath} does.
 *
 * @param path the path, if it differs from the text of the field.
 * @throws ManifestError that says why the path gives no URL.
 */
export function assetUrl(field: Field, folder: string, path = field.text()): string {
  return resolvePath(path, folder) ?? field.refuse(flawOf(path, folder));
}

/** Says what is wrong with a path that {@link resolvePath} does not accept. */
function flawOf(path: string, folder: string): string {
  let url: URL;
  try {
    url = new URL(path, folder);
  } catch {
    return 'must be a URL or a path';
  }
  if (!/^https?:$/.test(url.protocol)) {
    return 'must be an http or https URL, or a path';
  }
  if (url.username || url.password) {
    return 'must not have credentials';
  }
  if (url.href.includes('#')) {
    return 'must not have a fragment (write a # in a file name as %23)';
  }
  return 'must be the path of a file below the base';
}
