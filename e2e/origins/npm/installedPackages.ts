import {readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';

/** A version of an npm package that this workspace has installed, so that the CDNs serve it. */
export interface InstalledPackage {
  name: string;
  version: string;
  /** An absolute path with a slash at the end. */
  folder: string;
  /** The file that unpkg serves for the package itself, e.g. `dist/ort.min.js`. */
  unpkgEntry: string;
}

const readPackage = (dependency: string): InstalledPackage => {
  const folder = fileURLToPath(new URL(`../../node_modules/${dependency}/`, import.meta.url));
  const {main, name, unpkg = main, version} = JSON.parse(readFileSync(`${folder}package.json`, 'utf8'));
  return {name, version, folder, unpkgEntry: unpkg};
};

/** Newer versions of a package come first. */
export const INSTALLED_PACKAGES: readonly InstalledPackage[] = [
  readPackage('onnxruntime-web'),
  readPackage('pyodide'),
  readPackage('pyodide-previous'),
];
