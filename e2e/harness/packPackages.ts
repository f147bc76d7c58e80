import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

const PACKAGES = fileURLToPath(new URL('../../packages/', import.meta.url));
const NAMES = ['manifest', 'service-worker', 'window', 'build'] as const;

/**
 * Packs the packages as they are published.
 *
 * @param folder gets the tarballs.
 * @returns for each package, such as `@holdfast/build`, what npm installs its tarball by.
 */
export const packPackages = async (folder: string): Promise<Record<string, string>> => {
  const tarballs: Record<string, string> = {};
  for (const name of NAMES) {
    const {stdout} = await promisify(execFile)('pnpm', ['pack', '--json', '--pack-destination', folder], {
      cwd: PACKAGES + name,
    });
    tarballs[`@holdfast/${name}`] = `file:${JSON.parse(stdout).filename}`;
  }
  return tarballs;
};
