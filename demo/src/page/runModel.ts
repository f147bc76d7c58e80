import type * as Ort from 'onnxruntime-web/wasm';
import type {ModelExample} from './content.ts';

export interface ModelResult {
  output: number[];
  seconds: number;
}

/** Runs a model on the example of its release. */
export const runModel = async (
  ort: typeof Ort,
  session: Ort.InferenceSession,
  {input, inputName, outputName}: ModelExample,
): Promise<ModelResult> => {
  const tensor = new ort.Tensor('float32', Float32Array.from(input), [1, input.length]);
  const started = performance.now();
  const outputs = await session.run({[inputName]: tensor});
  const seconds = (performance.now() - started) / 1000;
  const data = outputs[outputName]?.data;
  if (!(data instanceof Float32Array)) {
    throw new Error(`The model must have an output of floats named '${outputName}'.`);
  }
  return {output: [...data], seconds};
};

/** The last digits differ between machines. */
const TOLERANCE = 1e-4;

export const isAsExpected = (output: readonly number[], expected: readonly number[]): boolean =>
  output.length === expected.length &&
  output.every((value, index) => Math.abs(value - (expected[index] ?? Number.NaN)) <= TOLERANCE);
