import type {LoadedFile} from './loadedFiles.ts';

/** What the page asks of the Python worker. */
export type PythonRequest =
  /** Loads the runtime from the folder of one of its releases. Comes first, once. */
  {type: 'BOOT'; indexUrl: string} | {type: 'RUN'; code: string};

/** What the Python worker tells the page. */
export type PythonAnswer =
  | {type: 'BOOTED'; files: LoadedFile[]}
  | {type: 'PRINTED'; line: string}
  /** `value` is that of the last expression, as Python writes it. */
  | {type: 'FINISHED'; value: string | undefined}
  | {type: 'FAILED'; message: string};
