import type * as Ort from 'onnxruntime-web/wasm';
import {loadedFiles} from '../loadedFiles.ts';
import {ONNXRUNTIME_VERSION} from '../versions.ts';
import {cacheNameOf} from './cacheNameOf.ts';
import type {LoadHistory} from './LoadHistory.ts';
import {makeCurrent} from './makeCurrent.ts';

/** The name of its releases in the worker. */
const LINE = 'onnxruntime-web';

/** onnxruntime-web from jsDelivr, loaded when the first model needs it, and used until the page is closed. */
export class OnnxRuntime {
  readonly #folder: string;
  readonly #history: LoadHistory;
  #ort: typeof Ort | undefined;

  constructor(jsdelivr: string, history: LoadHistory) {
    this.#folder = `${jsdelivr}/npm/onnxruntime-web@${ONNXRUNTIME_VERSION}/dist/`;
    this.#history = history;
  }

  /** Prepares a model to run. */
  async open(model: Uint8Array): Promise<{ort: typeof Ort; session: Ort.InferenceSession}> {
    if (this.#ort) {
      return {ort: this.#ort, session: await this.#ort.InferenceSession.create(model)};
    }
    const title = `onnxruntime-web ${ONNXRUNTIME_VERSION}, loaded and started`;
    const cacheName = cacheNameOf(LINE, ONNXRUNTIME_VERSION);
    const {result} = await this.#history.record(title, cacheName, async () => {
      const ort = await this.#import();
      const session = await ort.InferenceSession.create(model);
      this.#ort = ort;
      return {ort, session, files: loadedFiles(this.#folder)};
    });
    await makeCurrent(LINE, ONNXRUNTIME_VERSION);
    return result;
  }

  async #import(): Promise<typeof Ort> {
    const ort: typeof Ort = await import(`${this.#folder}ort.wasm.bundle.min.mjs`).catch((cause: unknown) => {
      throw new Error('onnxruntime-web is not stored, and jsDelivr did not return it.', {cause});
    });
    // More threads need a cross-origin isolated page.
    ort.env.wasm.numThreads = 1;
    ort.env.wasm.wasmPaths = {wasm: `${this.#folder}ort-wasm-simd-threaded.wasm`};
    return ort;
  }
}
