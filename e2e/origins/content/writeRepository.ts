import {createHash} from 'node:crypto';
import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {ContentCommit, ContentRepository} from './Content.ts';
import {describeFile} from './describeFile.ts';
import type {RepositoryPlan} from './plan.ts';
import {REPOSITORY_TEXTS, type RepositoryKind} from './repositoryTexts.ts';
import {seededBytes} from './seededBytes.ts';

const writeCommit = async (
  folder: string,
  kind: RepositoryKind,
  {id, large}: RepositoryPlan,
  tag: string,
): Promise<ContentCommit> => {
  const contents: Record<string, string | Uint8Array> = {
    ...REPOSITORY_TEXTS[kind](id, tag),
    [large.file]: seededBytes(`${id} ${tag} ${large.file}`, large.bytes),
  };
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, tag, path)), {recursive: true});
    await writeFile(join(folder, tag, path), content);
  }
  const files = await Promise.all(Object.keys(contents).map((path) => describeFile(join(folder, tag), path)));
  return {commit: createHash('sha1').update(JSON.stringify(files)).digest('hex'), tag, files};
};

/** Writes a small repository with two commits, each into a folder with the name of its tag. */
export const writeRepository = async (
  folder: string,
  kind: RepositoryKind,
  plan: RepositoryPlan,
): Promise<ContentRepository> => ({
  id: plan.id,
  commits: [await writeCommit(folder, kind, plan, 'v1.0'), await writeCommit(folder, kind, plan, 'v1.1')],
});
