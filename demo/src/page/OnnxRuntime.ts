import type * as Ort from 'onnxruntime-web/wasm';
import {loadedFiles} from '../loadedFiles.ts';
import {ONNXRUNTIME_VERSION} from '../versions.ts';
import type {LoadHistory} from './LoadHistory.ts';
import {makeCurrent} from './makeCurrent.ts';

const RELEASE = {line: 'onnxruntime-web', version: ONNXRUNTIME_VERSION};

/** onnxruntime-web as jsDelivr serves it: loaded when the first model needs it, then kept for the page's life. */
export class OnnxRuntime {
  readonly #folder: string;
  readonly #history: LoadHistory;
  #ort: typeof Ort | undefined;

  constructor(jsdelivr: string, history: LoadHistory) {
    this.#folder = `${jsdelivr}/npm/onnxruntime-web@${ONNXRUNTIME_VERSION}/dist/`;
    this.#history = history;
  }

  /** Makes a model ready to run. */
  async open(model: Uint8Array): Promise<{ort: typeof Ort; session: Ort.InferenceSession}> {
    if (this.#ort) {
      return {ort: this.#ort, session: await this.#ort.InferenceSession.create(model)};
    }
    const title = `onnxruntime-web ${RELEASE.version}, loaded and started`;
    const {result} = await this.#history.record(title, RELEASE, async () => {
      const ort = await this.#import();
      const session = await ort.InferenceSession.create(model);
      this.#ort = ort;
      return {ort, session, files: loadedFiles(this.#folder)};
    });
    await makeCurrent(RELEASE.line, RELEASE.version);
    return result;
  }

  async #import(): Promise<typeof Ort> {
    const ort: typeof Ort = await import(`${this.#folder}ort.wasm.bundle.min.mjs`).catch((cause: unknown) => {
      throw new Error('onnxruntime-web is not stored, and jsDelivr did not send it.', {cause});
    });
    // More threads need a page that is cross-origin isolated.
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = {wasm: `${this.#folder}ort-wasm-simd-threaded.wasm`};
    return ort;
  }
}
