import type {LoadedFile} from '../loadedFiles.ts';
import {storedKeys} from './storedKeys.ts';

/** Where a file came from: the cache of its release, the cache of another release, or the network. */
export type FileSource = 'cache' | 'other-release' | 'network';

/** What one action loaded: a release, a runtime or a part of a file. */
export interface Load {
  title: string;
  /** When the load ended, in milliseconds since 1970. */
  at: number;
  seconds: number;
  files: (LoadedFile & {from: FileSource})[];
}

const NAMES: Readonly<Record<FileSource, string>> = {
  network: 'the network',
  'other-release': 'another release',
  cache: 'the cache',
};

/** Returns where the files of a load came from, as text. */
export const sourceOf = ({files}: Load): {text: string; isCache: boolean} => {
  const sources = (Object.keys(NAMES) as FileSource[]).filter((source) =>
    files.some(({from}) => from === source),
  );
  const texts = sources.map((source) => {
    const count = files.filter(({from}) => from === source).length;
    return `${count === files.length ? 'all' : count} from ${NAMES[source]}`;
  });
  return {text: texts.join(', '), isCache: sources.every((source) => source === 'cache')};
};

const MAX_LOADS = 8;

const STORAGE_KEY = 'holdfast-demo-loads';

const restore = (): Load[] => {
  try {
    return JSON.parse(sessionStorage.getItem(STORAGE_KEY) ?? '[]');
  } catch {
    return [];
  }
};

/** The last loads of this tab, newest first. They survive a reload, so that their times can be compared. */
export class LoadHistory {
  #loads: readonly Load[] = restore();
  readonly #onChange: (loads: readonly Load[]) => void;

  constructor(onChange: (loads: readonly Load[]) => void) {
    this.#onChange = onChange;
    onChange(this.#loads);
  }

  /**
   * Runs a load, and records how long it took and where each file came from.
   *
   * @param cacheName the cache of the release that is loaded.
   */
  async record<Result extends {files: LoadedFile[]}>(
    title: string,
    cacheName: string,
    load: () => Promise<Result>,
  ): Promise<{result: Result; recorded: Load}> {
    const stored = await storedKeys(cacheName);
    const started = performance.now();
    const result = await load();
    const recorded: Load = {
      title,
      at: Date.now(),
      seconds: (performance.now() - started) / 1000,
      files: result.files.map((file) => ({...file, from: stored.has(file.url) ? 'cache' : 'network'})),
    };
    this.add(recorded);
    return {result, recorded};
  }

  add(load: Load): void {
    this.#loads = [load, ...this.#loads].slice(0, MAX_LOADS);
    sessionStorage.setItem(STORAGE_KEY, JSON.stringify(this.#loads));
    this.#onChange(this.#loads);
  }
}
