import type {LoadedFile} from '../loadedFiles.ts';
import type {PythonAnswer, PythonRequest} from '../pythonMessages.ts';

interface Pending {
  onPrint: (line: string) => void;
  resolve: (answer: Exclude<PythonAnswer, {type: 'PRINTED'} | {type: 'FAILED'}>) => void;
  reject: (error: Error) => void;
}

/** A Pyodide in a worker of its own, which runs until it is stopped. It handles one request at a time. */
export class Python {
  readonly #worker = new Worker('/python.js', {type: 'module', name: 'python'});
  #pending: Pending | undefined;

  constructor() {
    this.#worker.addEventListener('message', ({data}: MessageEvent<PythonAnswer>) => this.#receive(data));
    this.#worker.addEventListener('error', ({message}) => {
      this.#fail(new Error(message || 'The worker that runs Python could not be started.'));
    });
  }

  /** Loads the runtime, and resolves to the files that it loaded. */
  async boot(indexUrl: string, onPrint: (line: string) => void): Promise<LoadedFile[]> {
    const answer = await this.#ask({type: 'BOOT', indexUrl}, onPrint);
    return answer.type === 'BOOTED' ? answer.files : [];
  }

  /** Runs code, and resolves to the value of its last expression. */
  async run(code: string, onPrint: (line: string) => void): Promise<string | undefined> {
    const answer = await this.#ask({type: 'RUN', code}, onPrint);
    return answer.type === 'FINISHED' ? answer.value : undefined;
  }

  stop(): void {
    this.#worker.terminate();
    this.#fail(new Error('Stopped.'));
  }

  #ask(request: PythonRequest, onPrint: Pending['onPrint']): Promise<Parameters<Pending['resolve']>[0]> {
    return new Promise((resolve, reject) => {
      this.#pending = {onPrint, resolve, reject};
      this.#worker.postMessage(request);
    });
  }

  #receive(answer: PythonAnswer): void {
    if (answer.type === 'PRINTED') {
      this.#pending?.onPrint(answer.line);
    } else if (answer.type === 'FAILED') {
      this.#fail(new Error(answer.message));
    } else {
      this.#pending?.resolve(answer);
    }
  }

  #fail(error: Error): void {
    this.#pending?.reject(error);
    this.#pending = undefined;
  }
}
