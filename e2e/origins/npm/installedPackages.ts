import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

/** A version of a package from npm that this workspace has, and that the CDNs serve therefore. */
export interface InstalledPackage {
  name: string;
  version: string;
  /** Absolute, with a slash at the end. */
  folder: string;
  /** The file that unpkg serves for the package itself, e.g. `dist/ort.min.js`. */
  unpkgEntry: string;
}

const readPackage = (dependency: string): InstalledPackage => {
  const folder = fileURLToPath(new URL(`../../node_modules/${dependency}/`, import.meta.url));
  const {main, name, unpkg = main, version} = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  return {name, version, folder, unpkgEntry: unpkg};
};

/** Of two versions of a package, the newer one comes first. */
export const INSTALLED_PACKAGES: readonly InstalledPackage[] = [
  readPackage('onnxruntime-web'),
  readPackage('pyodide'),
  readPackage('pyodide-previous'),
];
