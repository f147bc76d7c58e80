import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Content} from './Content.ts';
import {GENERATOR_VERSION} from './plan.ts';

export const CONTENT_ROOT = fileURLToPath(new URL('../../.content/', import.meta.url));

/** The folder has the version of the generator in its name. If it exists, it is complete. */
export const contentFolder = (root: string): string => join(root, `v${GENERATOR_VERSION}`);

/** Returns the generated content; `undefined` if there is none yet. */
export const readContent = async (root: string = CONTENT_ROOT): Promise<Content | undefined> => {
  const folder = contentFolder(root);
  const index = await readFile(join(folder, 'index.json'), 'utf8').catch(() => undefined);
  return index === undefined ? undefined : {folder, ...JSON.parse(index)};
};
