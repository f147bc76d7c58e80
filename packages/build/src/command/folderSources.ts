import {createReadStream} from 'node:fs';
import {readdir, realpath, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {encodePath} from '@holdfast/manifest';
import {fileId} from './fileId.ts';
import {globToRegExp} from './globToRegExp.ts';
import type {FolderRequest} from './readArguments.ts';
import type {Source} from './Source.ts';

/**
 * The files of a folder, sorted by path.
 *
 * @param output the {@link fileId} of the file that the manifest is written to.
 */
export async function folderSources(
  {folder, base, include}: FolderRequest,
  output: string | undefined,
): Promise<Source[]> {
  const globs = include.map(globToRegExp);
  const paths: string[] = [];
  for await (const path of walk(folder, output)) {
    if (!globs.length || globs.some((glob) => glob.test(path))) {
      paths.push(path);
    }
  }
  // Not as the file system has them: each has its own order.
  return paths.sort().map((path) => {
    const file = join(folder, path);
    return {path: toUrl(path, base), label: file, open: () => createReadStream(file)};
  });
}

/** The paths of all files below `path` in `folder`, with slashes, through links too. */
async function* walk(
  folder: string,
  output: string | undefined,
  path = '',
  parents: readonly string[] = [],
): AsyncGenerator<string> {
  const here = await realpath(join(folder, path));
  if (parents.includes(here)) {
    throw new Error(`${join(folder, path)} links to a folder that it is in`);
  }
  for (const name of await readdir(here)) {
    if (name.startsWith('.')) {
      continue;
    }
    const child = path ? `${path}/${name}` : name;
    const stats = await stat(join(folder, child), {bigint: true});
    if (stats.isDirectory()) {
      yield* walk(folder, output, child, [...parents, here]);
    } else if (stats.isFile() && fileId(stats) !== output) {
      yield child;
    }
  }
}

function toUrl(path: string, base: string | undefined): string {
  const encoded = encodePath(path);
  // With the dot, `a:b.bin` is no URL of the scheme `a`.
  const relative = /^[^/]*:/.test(encoded) ? `./${encoded}` : encoded;
  return base ? new URL(relative, base).href : relative;
}
