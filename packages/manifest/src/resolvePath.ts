import {webUrl} from './webUrl.ts';

/** A `..` in the path that only a server sees, once it has decoded the path. The URL parser resolves all others. */
const HIDDEN_STEP_UP = /^[^?]*(?:\/|%2f|%5c)(?:\.|%2e){2}(?:\/|%2f|%5c|\?|$)/i;

/**
 * Resolves the path of an asset: a path below the folder, or an absolute URL. Returns `undefined` for a path that is
 * neither, or that leads out of the folder.
 *
 * @param folder the result of {@link folderOf}.
 */
export function resolvePath(path: string, folder: string): string | undefined {
  const url = webUrl(path, folder) ?? '';
  const isBelow = url.startsWith(folder) && url !== folder && !HIDDEN_STEP_UP.test(url);
  return url && (isBelow || /^https?:\/\//i.test(path)) ? url : undefined;
}
