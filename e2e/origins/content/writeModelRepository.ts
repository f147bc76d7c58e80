import {createHash} from 'node:crypto';
import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {Content} from './Content.ts';
import {describeFile} from './describeFile.ts';
import type {ContentPlan} from './plan.ts';
import {seededBytes} from './seededBytes.ts';

/** Writes a small model repository: text, which the Hub keeps in git, and one file of weights. */
export const writeModelRepository = async (
  folder: string,
  {modelId, weightsBytes}: ContentPlan,
): Promise<Content['model']> => {
  const words = Array.from({length: 400}, (_, id) => [`token-${id}`, id]);
  const contents: Record<string, string | Uint8Array> = {
    'README.md': `# ${modelId}\n\nA model too small to know anything.\n`,
    'config.json': `${JSON.stringify({model_type: 'tiny', hidden_size: 64, num_hidden_layers: 2}, null, 2)}\n`,
    'tokenizer/vocab.json': `${JSON.stringify(Object.fromEntries(words), null, 2)}\n`,
    'model.safetensors': seededBytes(`${modelId} weights`, weightsBytes),
  };
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await writeFile(join(folder, path), content);
  }
  const files = await Promise.all(Object.keys(contents).map((path) => describeFile(folder, path)));
  const commit = createHash('sha1').update(JSON.stringify(files)).digest('hex');
  return {id: modelId, commit, files};
};
