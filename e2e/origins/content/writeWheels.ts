import {createHash} from 'node:crypto';
import {mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {INSTALLED_PACKAGES, type InstalledPackage} from '../npm/installedPackages.ts';
import type {ContentWheel} from './Content.ts';
import {makeWheel, type Wheel} from './makeWheel.ts';
import type {WheelsPlan} from './plan.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const write = async (path: string, content: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(path), {recursive: true});
  await writeFile(path, content);
};

const writeWheel = async (
  folder: string,
  {bytes, fileName: _, ...described}: Wheel,
  at: Pick<ContentWheel, 'origin' | 'path'>,
): Promise<ContentWheel> => {
  await write(join(folder, at.origin, at.path), bytes);
  return {...at, ...described, size: bytes.length, sha256: sha256(bytes)};
};

const writeForPypi = (folder: string, wheel: Wheel): Promise<ContentWheel> => {
  // The real path has the file's BLAKE2b-256, which node:crypto lacks. Another digest of the same length is enough.
  const digest = sha256(wheel.bytes);
  const path = `/packages/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}/${wheel.fileName}`;
  return writeWheel(folder, wheel, {origin: 'pypiFiles', path});
};

/** Returns the release's list of packages plus this one, so that Pyodide finds the wheel and checks its digest. */
const writeLock = async (
  folder: string,
  releasePath: string,
  pyodide: InstalledPackage,
  wheel: Wheel,
): Promise<void> => {
  const lock = JSON.parse(await readFile(join(pyodide.folder, 'pyodide-lock.json'), 'utf8'));
  lock.packages[wheel.name] = {
    depends: [],
    file_name: wheel.fileName,
    imports: [wheel.module],
    install_dir: 'site',
    name: wheel.name,
    package_type: 'package',
    sha256: sha256(wheel.bytes),
    unvendored_tests: false,
    version: wheel.version,
  };
  await write(join(folder, 'jsdelivr', releasePath, 'pyodide-lock.json'), JSON.stringify(lock));
};

/** Real releases of Pyodide have files with the same name and version, and different bytes. */
const writeForPyodide = async (
  folder: string,
  pyodide: InstalledPackage,
  {name, versions: [version]}: WheelsPlan,
): Promise<ContentWheel> => {
  const wheel = makeWheel(name, version, `Pyodide ${pyodide.version}`);
  const releasePath = `/pyodide/v${pyodide.version}/full`;
  await writeLock(folder, releasePath, pyodide, wheel);
  return writeWheel(folder, wheel, {origin: 'jsdelivr', path: `${releasePath}/${wheel.fileName}`});
};

/** Writes the wheels, each into a folder with the name of its origin. */
export const writeWheels = (folder: string, plan: WheelsPlan): Promise<ContentWheel[]> => {
  const pyodides = INSTALLED_PACKAGES.filter(({name}) => name === 'pyodide');
  return Promise.all([
    ...plan.versions.map((version) => writeForPypi(folder, makeWheel(plan.name, version, `PyPI ${version}`))),
    ...pyodides.map((pyodide) => writeForPyodide(folder, pyodide, plan)),
  ]);
};
