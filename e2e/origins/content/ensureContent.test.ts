import {access, mkdir, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {makeFolder} from '../testing/makeFolder.ts';
import {SMALL_PLAN} from '../testing/smallPlan.ts';
import {ensureContent} from './ensureContent.ts';
import {contentFolder, readContent} from './readContent.ts';

const ensured = async (root: string) => {
  const messages: string[] = [];
  const content = await ensureContent({root, plan: SMALL_PLAN, say: (message) => messages.push(message)});
  return {content, messages};
};

const first = await makeFolder();
const second = await makeFolder();
const third = await makeFolder();

describe('ensureContent', () => {
  it('generates missing content, and keeps existing content', async () => {
    expect(await readContent(first)).toBeUndefined();
    const {content, messages} = await ensured(first);
    expect(messages).toHaveLength(3);
    expect(await ensured(first)).toEqual({content, messages: []});
    expect(await readdir(first)).toHaveLength(1);
  });

  it('can run several times at the same time', async () => {
    const [one, other] = await Promise.all([ensured(second), ensured(second)]);
    expect(one.content).toEqual(other.content);
    await access(join(one.content.folder, 'index.json'));
    expect(await readdir(second)).toHaveLength(1);
  });

  it('deletes the content of another version of it', async () => {
    await mkdir(join(third, 'v0', 'buckets'), {recursive: true});
    const {content} = await ensured(third);
    expect(content.folder).toBe(contentFolder(third));
    expect(await readdir(third)).toHaveLength(1);
  });
});
