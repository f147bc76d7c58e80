import type {LoadedFile} from '../loadedFiles.ts';
import {storedKeys} from './storedKeys.ts';

/** Where a file came from: its own release's cache, that of another one, or the network. */
export type FileSource = 'cache' | 'other-release' | 'network';

/** What was loaded in one go: a release, or a runtime. */
export interface Load {
  title: string;
  /** When it was done, in milliseconds since the epoch. */
  at: number;
  seconds: number;
  files: (LoadedFile & {from: FileSource})[];
}

const IN_WORDS: Readonly<Record<FileSource, string>> = {
  network: 'the network',
  'other-release': 'another release',
  cache: 'the cache',
};

/** Says where a load came from as a whole. */
export const sourceOf = ({files}: Load): {text: string; isCache: boolean} => {
  const sources = (Object.keys(IN_WORDS) as FileSource[]).filter((source) =>
    files.some(({from}) => from === source),
  );
  const texts = sources.map((source) => {
    const count = files.filter(({from}) => from === source).length;
    return `${count === files.length ? 'all' : count} from ${IN_WORDS[source]}`;
  });
  return {text: texts.join(', '), isCache: sources.every((source) => source === 'cache')};
};

const KEPT = 8;

const STORAGE_KEY = 'holdfast-demo-loads';

const restore = (): Load[] => {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '[]');
  } catch {
    return [];
  }
};

/** The last loads of this tab, the newest first. They survive a reload, so that the times can be compared. */
export class LoadHistory {
  #loads: readonly Load[] = restore();
  readonly #onChange: (loads: readonly Load[]) => void;

  constructor(onChange: (loads: readonly Load[]) => void) {
    this.#onChange = onChange;
    onChange(this.#loads);
  }

  /** Does the loading of a release, and notes how long it took and where each file came from. */
  async record<Result extends {files: LoadedFile[]}>(
    title: string,
    {line, version}: {line: string; version: string},
    load: () => Promise<Result>,
  ): Promise<{result: Result; noted: Load}> {
    const stored = await storedKeys(line, version);
    const started = performance.now();
    const result = await load();
    const noted: Load = {
      title,
      at: Date.now(),
      seconds: (performance.now() - started) / 1000,
      files: result.files.map((file) => ({...file, from: stored.has(file.url) ? 'cache' : 'network'})),
    };
    this.add(noted);
    return {result, noted};
  }

  add(load: Load): void {
    this.#loads = [load, ...this.#loads].slice(0, KEPT);
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(this.#loads));
    this.#onChange(this.#loads);
  }
}
