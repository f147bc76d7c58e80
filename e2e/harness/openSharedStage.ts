import {type Base, openBase, openStage, type Stage} from './openStage.ts';

export type {Stage} from './openStage.ts';

/** A browser takes seconds to start, so the test files that run in one process share it. It ends with the process. */
let shared: Base | undefined;

/** Opens a stage as `openStage()` does, with the origins and the browser of earlier test files. */
export const openSharedStage = async (workers?: readonly string[]): Promise<Stage> => {
  // A browser that has crashed is replaced.
  if (!shared?.browser.isOpen) {
    shared = await openBase();
  }
  return openStage(workers, shared);
};
