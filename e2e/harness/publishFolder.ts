import {readdir, readFile} from 'node:fs/promises';
import {join, relative, sep} from 'node:path';
import type {AppFiles} from '../origins/startOrigins.ts';

/** Publishes the files of a folder and its subfolders, as a built project is deployed. */
export const publishFolder = async (app: AppFiles, folder: string): Promise<void> => {
  for (const file of await readdir(folder, {recursive: true, withFileTypes: true})) {
    if (file.isFile()) {
      const path = join(file.parentPath, file.name);
      app.set(`/${relative(folder, path).replaceAll(sep, '/')}`, await readFile(path));
    }
  }
};
