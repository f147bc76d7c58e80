import type {LoadedFile} from '../loadedFiles.ts';
import type {Release} from './content.ts';

/**
 * Reads a release's model as any page does: with `fetch()`. The worker answers it from the cache.
 *
 * @throws Error with a message for users.
 */
export const readModel = async (
  {line, version}: Release,
  bucketUrl: string,
): Promise<{model: Uint8Array; files: LoadedFile[]}> => {
  const url = `${bucketUrl}/resolve/${line}/${version}/model.onnx`;
  const started = performance.now();
  const response = await fetch(url).catch((cause: unknown) => {
    throw new Error('model.onnx is not stored, and its host cannot be reached.', {cause});
  });
  if (!response.ok) {
    throw new Error(`model.onnx is not stored, and its host answered ${response.status}.`);
  }
  const model = await response.arrayBuffer().catch((cause: unknown) => {
    throw new Error('The connection broke before the end of model.onnx.', {cause});
  });
  const seconds = (performance.now() - started) / 1000;
  return {model: new Uint8Array(model), files: [{url, bytes: model.byteLength, seconds}]};
};
