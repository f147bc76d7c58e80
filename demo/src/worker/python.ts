// Python in a worker of its own, so that a long calculation does not block the page. Another version of the runtime
// starts in a new worker.

import type {PyodideAPI} from 'pyodide';
import {loadedFiles} from '../loadedFiles.ts';
import type {PythonAnswer, PythonRequest} from '../pythonMessages.ts';

declare const self: DedicatedWorkerGlobalScope;

const answer = (message: PythonAnswer): void => self.postMessage(message);

let python: PyodideAPI | undefined;

const boot = async (indexUrl: string): Promise<void> => {
  const {loadPyodide}: typeof import('pyodide') = await import(`${indexUrl}pyodide.mjs`).catch(
    (cause: unknown) => {
      throw new Error('It is not stored, and jsDelivr did not return it.', {cause});
    },
  );
  const print = (line: string): void => answer({type: 'PRINTED', line});
  python = await loadPyodide({indexURL: indexUrl, stdout: print, stderr: print});
  answer({type: 'BOOTED', files: loadedFiles(indexUrl)});
};

const run = async (code: string): Promise<void> => {
  const value: unknown = await python?.runPythonAsync(code);
  answer({type: 'FINISHED', value: value === undefined ? undefined : String(value)});
};

self.addEventListener('message', ({data}: MessageEvent<PythonRequest>) => {
  const done = data.type === 'BOOT' ? boot(data.indexUrl) : run(data.code);
  done.catch((error: unknown) => {
    answer({type: 'FAILED', message: error instanceof Error ? error.message : String(error)});
  });
});
