import type {LoadedFile} from './loadedFiles.ts';

/** What the page sends to the Python worker. */
export type PythonRequest =
  /** Loads the runtime from the folder of one of its releases. Sent first, and once. */
  {type: 'BOOT'; indexUrl: string} | {type: 'RUN'; code: string};

/** What the Python worker sends to the page. */
export type PythonAnswer =
  | {type: 'BOOTED'; files: LoadedFile[]}
  | {type: 'PRINTED'; line: string}
  /** `value` is that of the last expression, as Python prints it. */
  | {type: 'FINISHED'; value: string | undefined}
  | {type: 'FAILED'; message: string};
