import {line} from '@holdfast/window';
import {hasWorker} from './hasWorker.ts';

/**
 * Makes a version the current one of its line, if there is a worker. A runtime is not rolled back, so no
 * previous version is kept: the worker evicts it when no page uses it any more. A page runs with what could not be
 * stored, too: then nothing is evicted.
 */
export const makeCurrent = async (name: string, version: string): Promise<void> => {
  if (hasWorker()) {
    await line(name).switchTo(version, {keep: 0, allowEmpty: true});
  }
};
