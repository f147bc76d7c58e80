import {INSTALLED_PACKAGES, type InstalledPackage} from './installedPackages.ts';
import {matchesRange} from './matchesRange.ts';

/** What a path names, in the form that all npm CDNs share. */
export interface NpmFile {
  package: InstalledPackage;
  /** Whether the path names this exact version, and not a range, a tag or nothing. */
  isPinned: boolean;
  /** The file in the package; `undefined` if the path names only the package. */
  file: string | undefined;
}

const PATH = /^\/(?<name>(?:@[^/@]+\/)?[^/@]+)(?:@(?<range>[^/]+))?(?:\/(?<file>.+))?$/;

/** @param path e.g. `/onnxruntime-web@1.30.0/dist/ort.min.mjs` */
export const findNpmFile = (path: string): NpmFile | undefined => {
  const {file, name, range = 'latest'} = PATH.exec(path)?.groups ?? {};
  // Browsers send `^` as it is, or as %5E.
  const wanted = decodeURIComponent(range);
  const found = INSTALLED_PACKAGES.find((each) => each.name === name && matchesRange(each.version, wanted));
  return found && {package: found, isPinned: found.version === wanted, file};
};
