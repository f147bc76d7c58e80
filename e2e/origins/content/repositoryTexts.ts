import type {Content} from './Content.ts';

/** The Hub's kinds of repositories, as paths name them. */
export type RepositoryKind = Extract<keyof Content, 'model' | 'dataset' | 'space'>;

const readme = (id: string, tag: string): string => `# ${id}\n\n${tag}, and too small to know anything.\n`;

const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const VOCABULARY = Object.fromEntries(Array.from({length: 400}, (_, id) => [`token-${id}`, id]));

/** The files that the Hub has in git, by kind of repository. Only the vocabulary is the same at all tags. */
export const REPOSITORY_TEXTS: Readonly<
  Record<RepositoryKind, (id: string, tag: string) => Record<string, string>>
> = {
  model: (id, tag) => ({
    'README.md': readme(id, tag),
    'config.json': json({model_type: 'tiny', model_tag: tag, hidden_size: 64, num_hidden_layers: 2}),
    'tokenizer/vocab.json': json(VOCABULARY),
  }),
  dataset: (id, tag) => ({'README.md': readme(id, tag)}),
  space: (id, tag) => ({
    'README.md': readme(id, tag),
    'index.html': `<!doctype html>\n<title>${id} ${tag}</title>\n`,
  }),
};
