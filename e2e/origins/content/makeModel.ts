import type {ModelExample} from './Content.ts';
import {type Layer, seededLayer, seededNumbers} from './Layer.ts';
import {onnxModelProto} from './onnxModelProto.ts';
import type {LinePlan} from './plan.ts';
import {runLayers} from './runLayers.ts';

const INPUT = 'features';
const OUTPUT = 'probabilities';
const LABELS = ['house number', 'street', 'locality', 'region', 'postcode', 'country'];

/** `TensorProto.DataType.FLOAT` */
const FLOAT = 1;

const tensor = (name: string, dims: number[], {buffer, byteLength, byteOffset}: Float32Array) => ({
  name,
  dims,
  data_type: FLOAT,
  raw_data: new Uint8Array(buffer, byteOffset, byteLength),
});

const row = (name: string, length: number) => ({
  name,
  type: {tensor_type: {elem_type: FLOAT, shape: {dim: [{dim_value: 1}, {dim_value: length}]}}},
});

const node = (op_type: string, input: string[], output: string) => ({op_type, input, output: [output]});

/** Returns the nodes of a layer. `Gemm` is the product plus the bias. The last layer ends in probabilities. */
const layerNodes = (index: number, isLast: boolean) => [
  node('Gemm', [index === 0 ? INPUT : `layer${index}`, `weights${index}`, `bias${index}`], `product${index}`),
  isLast
    ? node('Softmax', [`product${index}`], OUTPUT)
    : node('Relu', [`product${index}`], `layer${index + 1}`),
];

const encode = (name: string, version: string, layers: readonly Layer[]): Uint8Array =>
  onnxModelProto
    .encode({
      ir_version: 8,
      producer_name: name,
      producer_version: version,
      opset_import: [{domain: '', version: 13}],
      graph: {
        name,
        node: layers.flatMap((_, index) => layerNodes(index, index === layers.length - 1)),
        initializer: layers.flatMap(({bias, inputs, outputs, weights}, index) => [
          tensor(`weights${index}`, [inputs, outputs], weights),
          tensor(`bias${index}`, [outputs], bias),
        ]),
        input: [row(INPUT, layers[0]?.inputs ?? 0)],
        output: [row(OUTPUT, LABELS.length)],
      },
    })
    .finish();

/** Makes a real ONNX graph with weights from line and version, an input, and the result that it must give. */
export const makeModel = (
  {model: {hidden, inputs}, name}: LinePlan,
  version: string,
): {bytes: Uint8Array; example: ModelExample} => {
  const seed = `${name} ${version} model`;
  const layers = [
    seededLayer(`${seed} 0`, inputs, hidden),
    seededLayer(`${seed} 1`, hidden, hidden),
    seededLayer(`${seed} 2`, hidden, LABELS.length),
  ];
  // The same for all versions, so that a page can compare their results.
  const input = seededNumbers(`${name} input`, inputs, 1);
  return {
    bytes: encode(`mailwoman-${name}`, version, layers),
    example: {
      inputName: INPUT,
      input: [...input],
      outputName: OUTPUT,
      output: runLayers(layers, input),
      labels: LABELS,
    },
  };
};
