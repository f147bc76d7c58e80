let turnedOff = false;

/**
 * Whether nothing more is to be stored. A worker that was unregistered serves the pages that it controls until
 * they are gone, and must not fill again what was dropped. It is kept in memory only: the worker of a new
 * registration begins anew.
 */
export const isTurnedOff = (): boolean => turnedOff;

/** A page that registers the worker again before it is gone brings the old one back to life, which then stores again. */
export const setTurnedOff = (off: boolean): void => {
  turnedOff = off;
};
