import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Content, ContentRelease} from './Content.ts';
import type {ContentPlan} from './plan.ts';
import {writeRelease} from './writeRelease.ts';
import {writeRepository} from './writeRepository.ts';
import {writeWheels} from './writeWheels.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Generates the content of a plan into a folder, and its index last. */
export const writeContent = async (
  folder: string,
  plan: ContentPlan,
  say: (sentence: string) => void,
): Promise<Content> => {
  const bucketFolder = join(folder, 'buckets', plan.bucketId);
  const releases: ContentRelease[] = [];
  for (const line of plan.lines) {
    for (const version of line.versions) {
      const release = await writeRelease(bucketFolder, line, version);
      releases.push(release);
      say(`  ${line.name} ${version}: ${megabytes(release.files.reduce((sum, {size}) => sum + size, 0))}`);
    }
  }
  const index = {
    bucket: {id: plan.bucketId, releases},
    model: await writeRepository(join(folder, 'models', plan.model.id), 'model', plan.model),
    dataset: await writeRepository(join(folder, 'datasets', plan.dataset.id), 'dataset', plan.dataset),
    space: await writeRepository(join(folder, 'spaces', plan.space.id), 'space', plan.space),
    wheels: await writeWheels(folder, plan.wheels),
  };
  await writeFile(join(folder, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
  return {folder, ...index};
};
