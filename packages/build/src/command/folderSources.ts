import {createReadStream} from 'node:fs';
import {readdir, realpath, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {encodePath} from '@holdfast/manifest';
import {createMatcher} from './createMatcher.ts';
import {fileId} from './fileId.ts';
import type {FolderRequest} from './readArguments.ts';
import {reasonOf} from './reasonOf.ts';
import type {Source} from './Source.ts';

/**
 * Returns the files of a folder, sorted by path.
 *
 * @param output the {@link fileId} of the file that the manifest is written to. It is left out.
 * @throws Error when the folder cannot be read, or no file matches.
 */
export async function folderSources(
  {folder, base, include}: FolderRequest,
  output: string | undefined,
): Promise<Source[]> {
  const isIncluded = createMatcher(include);
  const paths: string[] = [];
  try {
    for await (const path of walk(folder, output)) {
      if (isIncluded(path)) {
        paths.push(path);
      }
    }
  } catch (error) {
    throw new Error(`cannot read the folder '${folder}': ${reasonOf(error)}`);
  }
  if (!paths.length) {
    const reason = include.length
      ? `the folder '${folder}' has no file that matches --include ${include.map((glob) => `'${glob}'`).join(', ')}`
      : `the folder '${folder}' has no files to list`;
    throw new Error(reason);
  }
  // Each file system has its own order.
  return paths.sort().map((path) => {
    const file = join(folder, path);
    return {path: toUrl(path, base), label: file, open: () => createReadStream(file)};
  });
}

/** Yields the paths of all files below `path` in `folder`, with slashes. Follows links. */
async function* walk(
  folder: string,
  output: string | undefined,
  path = '',
  parents: readonly string[] = [],
): AsyncGenerator<string> {
  const here = await realpath(join(folder, path));
  if (parents.includes(here)) {
    throw new Error(`${join(folder, path)} links to a folder that contains it. Remove the link.`);
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
  // Without the dot, `a:b.bin` is a URL with the scheme `a`.
  const relative = /^[^/]*:/.test(encoded) ? `./${encoded}` : encoded;
  return base ? new URL(relative, base).href : relative;
}
