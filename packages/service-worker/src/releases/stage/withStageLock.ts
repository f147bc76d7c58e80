import {withLock} from '../Locks.ts';

const nameOf = (line: string, version: string): string => `holdfast-stage ${JSON.stringify([line, version])}`;

/** Stages a release in one worker of the origin at a time. Without Web Locks, each worker keeps order by itself alone. */
export const withStageLock = <Result>(
  line: string,
  version: string,
  signal: AbortSignal,
  stage: () => Promise<Result>,
): Promise<Result> => withLock(nameOf(line, version), {signal}, stage, stage);

/** Tells whether any worker is staging a release. */
export const isBeingStaged = async (line: string, version: string): Promise<boolean> => {
  const none: LockManagerSnapshot = {};
  const {held = []} = navigator.locks ? await navigator.locks.query().catch(() => none) : none;
  return held.some(({name}) => name === nameOf(line, version));
};
