import {assetUrl, folderOf} from './assetUrl.ts';
import type {Manifest} from './Manifest.ts';
import {parseJson} from './parseJson.ts';
import {toManifest} from './toManifest.ts';

export interface PyodideLockOptions {
  /**
   * Packages as `loadPackage` takes them: these are listed, and all that they depend on. A lock has hundreds.
   *
   * @default all packages of the lock
   */
  packages?: readonly string[] | undefined;
}

/**
 * Reads a `pyodide-lock.json`. It states digests and no sizes, and knows nothing of the runtime beside it (the
 * WebAssembly, the standard library, itself): list those with `holdfast manifest`, and {@link joinManifests}.
 *
 * https://pyodide.org/en/stable/usage/api/js-api.html#exports.PyodideConfig.packageBaseUrl
 *
 * @param text the JSON text.
 * @param base the URL of the lock file, or Pyodide's `packageBaseUrl` if that is set.
 * @throws ManifestError also when a package is not in the lock.
 */
export function readPyodideLock(
  text: string,
  base: string | URL,
  {packages}: PyodideLockOptions = {},
): Manifest {
  const folder = folderOf(base);
  const locked = parseJson(text).get('packages');
  // It grows while it is walked.
  const names = new Set(packages ? packages.map(canonicalName) : locked.names());
  if (packages) {
    for (const name of names) {
      for (const dependency of locked.get(name).get('depends').items()) {
        names.add(canonicalName(dependency.text()));
      }
    }
  }
  const entries = [...names].map((name) => locked.get(name));
  return toManifest(entries, (entry) => ({
    url: assetUrl(entry.get('file_name'), folder),
    digest: entry.get('sha256').digest('sha256'),
  }));
}

/** `ruamel.yaml` and `Ruamel_YAML` are one package. https://peps.python.org/pep-0503/#normalized-names */
function canonicalName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
