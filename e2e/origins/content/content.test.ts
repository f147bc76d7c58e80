import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {InferenceSession, Tensor} from 'onnxruntime-web';
import {describe, expect, it} from 'vitest';
import {makeSmallContent} from '../testing/makeSmallContent.ts';
import type {Content, ContentFile, ContentRelease} from './Content.ts';

const content = await makeSmallContent();

const onDisk = ({bucket, folder}: Content, {path}: ContentFile): string =>
  join(folder, 'buckets', bucket.id, path);

const file = ({files}: ContentRelease, name: string): ContentFile => {
  const found = files.find(({path}) => path.endsWith(`/${name}`));
  if (!found) {
    throw new Error(`The release has no ${name}.`);
  }
  return found;
};

const [first, second] = content.bucket.releases;
if (!first || !second) {
  throw new Error('The content has too few releases.');
}

const again = await makeSmallContent();

describe('the content', () => {
  it('is the same each time', () => {
    expect(again).toEqual({...content, folder: again.folder});
  });

  it('has new and unchanged files in each version', () => {
    const isEqual = (name: string): boolean => file(first, name).sha256 === file(second, name).sha256;
    expect({
      'model.onnx': isEqual('model.onnx'),
      'tokenizer.model': isEqual('tokenizer.model'),
      'wof-hot.db': isEqual('wof-hot.db'),
      'fst-en-US.bin': isEqual('fst-en-US.bin'),
    }).toEqual({'model.onnx': false, 'tokenizer.model': true, 'wof-hot.db': false, 'fst-en-US.bin': true});
  });

  it.each([first, second])('has a model in $version with the expected result', async (release) => {
    const {input, inputName, output, outputName} = release.model;
    const session = await InferenceSession.create(
      await readFile(onDisk(content, file(release, 'model.onnx'))),
    );
    const results = await session.run({[inputName]: new Tensor('float32', input, [1, input.length])});
    const given = Array.from(results[outputName]?.data as Float32Array);
    expect(given).toHaveLength(output.length);
    for (const [index, probability] of output.entries()) {
      expect(given[index]).toBeCloseTo(probability, 4);
    }
  });

  it('has different results in different versions', () => {
    const differences = first.model.output.map((each, index) =>
      Math.abs(each - (second.model.output[index] ?? 0)),
    );
    expect(first.model.input).toEqual(second.model.input);
    expect(Math.max(...differences)).toBeGreaterThan(0.01);
  });

  it('has databases that SQLite can open', () => {
    const database = new DatabaseSync(onDisk(content, file(first, 'wof-hot.db')), {readOnly: true});
    expect(database.prepare('SELECT count(*) AS places, min(since) AS since FROM places').get()).toEqual({
      places: 100,
      since: 'v0.6.0',
    });
    database.close();
  });
});
