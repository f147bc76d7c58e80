import {mkdir, mkdtemp, readdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {Content} from './Content.ts';
import {type ContentPlan, PLAN} from './plan.ts';
import {CONTENT_ROOT, contentFolder, readContent} from './readContent.ts';
import {writeContent} from './writeContent.ts';

export interface EnsureContentOptions {
  /** @default `e2e/.content` */
  root?: string;
  /** @default the plan of the demo and the tests */
  plan?: ContentPlan;
  /**
   * Is called with the progress.
   * @default console.log
   */
  say?: (sentence: string) => void;
}

const removeOtherVersions = async (root: string): Promise<void> => {
  const versions = (await readdir(root))
    .filter((name) => /^v\d+$/.test(name))
    .map((name) => join(root, name));
  const others = versions.filter((folder) => folder !== contentFolder(root));
  await Promise.all(others.map((folder) => rm(folder, {recursive: true, force: true})));
};

const generate = async ({plan, root, say}: Required<EnsureContentOptions>): Promise<Content> => {
  await mkdir(root, {recursive: true});
  await removeOtherVersions(root);
  const unfinished = await mkdtemp(join(root, 'unfinished-'));
  try {
    const content = await writeContent(unfinished, plan, say);
    await rename(unfinished, contentFolder(root));
    return {...content, folder: contentFolder(root)};
  } finally {
    await rm(unfinished, {recursive: true, force: true});
  }
};

/**
 * Returns the content that the origins serve, and generates it if it is missing. It appears in one step, so that an
 * interrupted run leaves nothing that looks like content.
 */
export const ensureContent = async ({
  plan = PLAN,
  root = CONTENT_ROOT,
  say = console.log,
}: EnsureContentOptions = {}): Promise<Content> => {
  const present = await readContent(root);
  if (present) {
    return present;
  }
  say('Generating the content of the local origins. This happens once, and takes a few seconds.');
  try {
    return await generate({plan, root, say});
  } catch (error) {
    // Another process may have been faster. From the same plan, it has the same bytes.
    const theirs = await readContent(root);
    if (theirs) {
      return theirs;
    }
    throw error;
  }
};
