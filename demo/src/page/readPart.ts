import type {LoadedFile} from '../loadedFiles.ts';
import {fileName} from './format.ts';
import type {FileSource} from './LoadHistory.ts';
import {requestCount} from './requestCount.ts';

/**
 * Reads a part of a file with a range request, as a video player does.
 *
 * @param part its first byte, and the byte after its last.
 * @throws Error with a message for users.
 */
export const readPart = async (
  url: string,
  {start, end}: {start: number; end: number},
): Promise<LoadedFile & {from: Exclude<FileSource, 'other-release'>}> => {
  const before = await requestCount(url);
  const started = performance.now();
  const response = await fetch(url, {headers: {range: `bytes=${start}-${end - 1}`}}).catch(
    (cause: unknown) => {
      throw new Error(`This part of ${fileName(url)} is not stored, and its host cannot be reached.`, {
        cause,
      });
    },
  );
  if (response.status !== 206) {
    throw new Error(`The host of ${fileName(url)} answered ${response.status} instead of a part.`);
  }
  const {byteLength: bytes} = await response.arrayBuffer();
  const seconds = (performance.now() - started) / 1000;
  const from = (await requestCount(url)) > before ? 'network' : 'cache';
  return {url, bytes, seconds, from};
};
