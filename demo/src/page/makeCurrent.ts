import {switchVersion} from '@holdfast/window';
import {hasWorker} from './hasWorker.ts';

/**
 * Makes a version of a runtime the current one of its line, where a worker is there to do it. A runtime is not rolled
 * back, so the version before it goes when nobody uses it any more.
 */
export const makeCurrent = async (line: string, version: string): Promise<void> => {
  if (hasWorker()) {
    await switchVersion(line, version, {keep: 0});
  }
};
