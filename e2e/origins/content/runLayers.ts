import type {Layer} from './Layer.ts';

const multiply = ({bias, inputs, outputs, weights}: Layer, input: ArrayLike<number>): Float64Array => {
  const output = Float64Array.from(bias);
  for (let row = 0; row < inputs; row += 1) {
    const factor = input[row] ?? 0;
    for (let column = 0; column < outputs; column += 1) {
      output[column] = (output[column] ?? 0) + factor * (weights[row * outputs + column] ?? 0);
    }
  }
  return output;
};

const softmax = (values: Float64Array): Float64Array => {
  const highest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - highest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
};

/** Computes the model's result without ONNX: ReLU between the layers, softmax after the last. */
export const runLayers = (layers: readonly Layer[], input: Float32Array): number[] => {
  const last = layers.length - 1;
  const values = layers.reduce<ArrayLike<number>>((each, layer, index) => {
    const product = multiply(layer, each);
    return index < last ? product.map((value) => Math.max(0, value)) : product;
  }, input);
  return [...softmax(Float64Array.from(values))];
};
