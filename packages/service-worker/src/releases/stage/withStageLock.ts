const nameOf = (line: string, version: string): string => `holdfast-stage ${JSON.stringify([line, version])}`;

/** Stages a release in one worker of the origin at a time. Without Web Locks, each worker keeps order by itself alone. */
export const withStageLock = <Result>(
  line: string,
  version: string,
  signal: AbortSignal,
  stage: () => Promise<Result>,
): Promise<Result> =>
  navigator.locks
    ? (navigator.locks.request(nameOf(line, version), {signal}, stage) as Promise<Result>)
    : stage();

/** Tells whether any worker is staging a release. */
export const isBeingStaged = async (line: string, version: string): Promise<boolean> => {
  const {held = []} = navigator.locks ? await navigator.locks.query() : {};
  return held.some(({name}) => name === nameOf(line, version));
};
