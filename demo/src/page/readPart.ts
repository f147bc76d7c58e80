import type {LoadedFile} from '../loadedFiles.ts';
import {fileName} from './format.ts';
import type {FileSource} from './LoadHistory.ts';
import {timesAsked} from './timesAsked.ts';

/**
 * Reads a part of a file, as a reader of a database or a player would: by a request for a range.
 *
 * @param part its first byte, and the one behind its last.
 * @throws Error in words that a user understands.
 */
export const readPart = async (
  url: string,
  {start, end}: {start: number; end: number},
): Promise<LoadedFile & {from: Exclude<FileSource, 'other-release'>}> => {
  const askedBefore = await timesAsked(url);
  const started = performance.now();
  const response = await fetch(url, {headers: {range: `bytes=${start}-${end - 1}`}}).catch(
    (cause: unknown) => {
      throw new Error(`This part of ${fileName(url)} is not stored, and its host could not be reached.`, {
        cause,
      });
    },
  );
  if (response.status !== 206) {
    throw new Error(`The host of ${fileName(url)} answered ${response.status} instead of a part.`);
  }
  const {byteLength: bytes} = await response.arrayBuffer();
  const seconds = (performance.now() - started) / 1000;
  const from = (await timesAsked(url)) > askedBefore ? 'network' : 'cache';
  return {url, bytes, seconds, from};
};
