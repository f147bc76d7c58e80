import type {LoadedFile} from '../loadedFiles.ts';
import type {Release, ReleaseFile} from './content.ts';
import {fetchFile} from './fetchFile.ts';

export interface LoadedRelease {
  files: LoadedFile[];
  /** The bytes of `model.onnx`. */
  model: Uint8Array;
}

/** Loads all files of a release at the same time. If one fails, the others are given up. */
export const loadRelease = async (
  {files}: Release,
  bucketUrl: string,
  onProgress: (file: ReleaseFile, read: number) => void,
): Promise<LoadedRelease> => {
  const abort = new AbortController();
  const started = performance.now();
  const load = async (file: ReleaseFile) => {
    const url = `${bucketUrl}/resolve/${file.path}`;
    const bytes = await fetchFile(url, file.size, abort.signal, (read) => onProgress(file, read));
    return {url, bytes, seconds: (performance.now() - started) / 1000};
  };
  try {
    const loaded = await Promise.all(files.map(load));
    const model = loaded.find(({url}) => url.endsWith('/model.onnx'));
    if (!model) {
      throw new Error('The release has no model.onnx.');
    }
    return {
      files: loaded.map(({url, bytes, seconds}) => ({url, bytes: bytes.byteLength, seconds})),
      model: model.bytes,
    };
  } catch (error) {
    abort.abort();
    throw error;
  }
};
