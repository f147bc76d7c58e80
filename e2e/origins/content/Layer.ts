import {seededBytes} from './seededBytes.ts';

/** One step of the model: `output = input · weights + bias`. */
export interface Layer {
  inputs: number;
  outputs: number;
  /** Row by row: `inputs` rows of `outputs` numbers. */
  weights: Float32Array;
  bias: Float32Array;
}

/** Returns numbers between -limit and limit. */
export const seededNumbers = (seed: string, count: number, limit: number): Float32Array => {
  const bytes = seededBytes(seed, count * 4);
  const integers = new Int32Array(bytes.buffer, bytes.byteOffset, count);
  return Float32Array.from(integers, (integer) => (integer / 2 ** 31) * limit);
};

/** Returns a layer whose weights keep the numbers in range from layer to layer. */
export const seededLayer = (seed: string, inputs: number, outputs: number): Layer => ({
  inputs,
  outputs,
  weights: seededNumbers(`${seed} weights`, inputs * outputs, Math.sqrt(6 / inputs)),
  bias: seededNumbers(`${seed} bias`, outputs, 0.1),
});
