import {switchVersion} from '@holdfast/window';
import {isTurnedOff} from './turnedOff.ts';

/** Makes a version the current one of its line, where a worker is there to do it, and is wanted. */
export const makeCurrent = async (line: string, version: string): Promise<void> => {
  if (navigator.serviceWorker?.controller && !isTurnedOff()) {
    await switchVersion(line, version);
  }
};
