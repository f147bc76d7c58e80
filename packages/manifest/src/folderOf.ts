import {webUrl} from './webUrl.ts';

/**
 * Returns the folder that a base URL stands in, with a trailing slash: `https://a.example/b/c.json` and
 * `https://a.example/b/` both give `https://a.example/b/`.
 *
 * @param name what the error calls the base.
 * @throws TypeError when the base is not an absolute http or https URL, or has credentials.
 */
export function folderOf(base: string | URL, name = "manifest: 'base'"): string {
  const folder = webUrl('.', base);
  if (folder === undefined) {
    // The message does not repeat the URL, which may be a signed one.
    throw new TypeError(
      `${name} must be an absolute http or https URL without credentials, such as https://a.example/v1/.`,
    );
  }
  return folder;
}
