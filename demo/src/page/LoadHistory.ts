import type {LoadedFile} from '../loadedFiles.ts';
import {storedKeys} from './storedKeys.ts';

/** What was loaded in one go: a release, or a runtime. */
export interface Load {
  title: string;
  /** When it was done, in milliseconds since the epoch. */
  at: number;
  seconds: number;
  files: (LoadedFile & {from: 'cache' | 'network'})[];
}

/** Says where a load came from as a whole. */
export const sourceOf = ({files}: Load): {text: string; isCache: boolean} => {
  const cached = files.filter(({from}) => from === 'cache').length;
  const isCache = cached === files.length;
  if (cached > 0 && !isCache) {
    return {text: `${cached} of ${files.length} files from the cache`, isCache};
  }
  return {text: isCache ? 'all from the cache' : 'all from the network', isCache};
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
    this.#add(noted);
    return {result, noted};
  }

  #add(load: Load): void {
    this.#loads = [load, ...this.#loads].slice(0, KEPT);
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(this.#loads));
    this.#onChange(this.#loads);
  }
}
