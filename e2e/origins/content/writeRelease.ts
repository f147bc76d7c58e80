import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ContentRelease} from './Content.ts';
import {describeFile} from './describeFile.ts';
import {makeModel} from './makeModel.ts';
import {makePlaces} from './makePlaces.ts';
import type {LinePlan} from './plan.ts';
import {seededBytes} from './seededBytes.ts';

/** Writes one version of a line into its bucket's folder. */
export const writeRelease = async (
  folder: string,
  line: LinePlan,
  version: string,
): Promise<ContentRelease> => {
  const release = `${line.name}/${version}`;
  const onDisk = (file: string): string => join(folder, release, file);
  await mkdir(join(folder, release), {recursive: true});

  const {bytes, example} = makeModel(line, version);
  await writeFile(onDisk('model.onnx'), bytes);
  makePlaces(onDisk('wof-hot.db'), line, version);
  // As in real releases, these two do not change between versions.
  await writeFile(onDisk('tokenizer.model'), seededBytes(`${line.name} tokenizer`, line.tokenizerBytes));
  await writeFile(onDisk(line.fst.file), seededBytes(`${line.name} fst`, line.fst.bytes));

  const files = ['model.onnx', 'tokenizer.model', 'wof-hot.db', line.fst.file];
  return {
    line: line.name,
    version,
    files: await Promise.all(files.map((file) => describeFile(folder, `${release}/${file}`))),
    model: example,
  };
};
