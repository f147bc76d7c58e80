import {assetUrl} from './assetUrl.ts';
import {folderOf} from './folderOf.ts';
import type {Manifest} from './Manifest.ts';
import {parseJson} from './parseJson.ts';
import {toManifest} from './toManifest.ts';

/** What an asset of a package is made of. */
const NEEDED = ['file_name', 'sha256'] as const;

/** Options of {@link readPyodideLock}. */
export interface PyodideLockOptions {
  /**
   * Names of packages, as `loadPackage` takes them. The manifest lists these packages and their dependencies.
   *
   * @default all packages of the lock
   */
  packages?: readonly string[] | undefined;

  /**
   * Called for each package that is left out, because the lock names no file for it, or no digest. `micropip.freeze()`
   * writes such packages, for wheels that were installed from elsewhere.
   *
   * @default writes to the console
   */
  onLeftOut?: ((name: string, missing: 'file_name' | 'sha256') => void) | undefined;
}

const warn = (name: string, missing: string): void =>
  console.warn(`readPyodideLock: '${name}' is left out, because the lock has no ${missing} for it.`);

/**
 * Reads a `pyodide-lock.json`. A lock has digests and no sizes. It does not list the Pyodide runtime (the WebAssembly,
 * the standard library, the lock itself): list that with `holdfast manifest`, and use {@link joinManifests}.
 *
 * https://pyodide.org/en/stable/usage/api/js-api.html#exports.PyodideConfig.packageBaseUrl
 *
 * @param base the URL of the lock, or Pyodide's `packageBaseUrl` if you set that option.
 * @throws ManifestError when the lock is invalid, or does not have a package.
 * @throws TypeError when the base is not an absolute http or https URL.
 */
export function readPyodideLock(
  text: string,
  base: string | URL,
  {packages, onLeftOut = warn}: PyodideLockOptions = {},
): Manifest {
  const folder = folderOf(base);
  const locked = parseJson(text).get('packages');
  // The loop below adds dependencies to this set, and visits them too.
  const names = new Set(packages ? packages.map(canonicalName) : locked.names());
  if (packages) {
    for (const name of names) {
      for (const dependency of locked.get(name).get('depends').items()) {
        names.add(canonicalName(dependency.text()));
      }
    }
  }
  const entries = [...names].flatMap((name) => {
    const entry = locked.get(name);
    const missing = NEEDED.find((field) => (entry.get(field).value ?? null) === null);
    if (missing) {
      onLeftOut(name, missing);
    }
    return missing ? [] : entry;
  });
  return toManifest(entries, (entry) => ({
    url: assetUrl(entry.get('file_name'), folder),
    digest: entry.get('sha256').digest('sha256'),
  }));
}

/** Normalizes a name: `ruamel.yaml` and `Ruamel_YAML` are one package. https://peps.python.org/pep-0503/#normalized-names */
function canonicalName(name: string): string {
  return name.replace(/[-_.]+/g, '-').toLowerCase();
}
