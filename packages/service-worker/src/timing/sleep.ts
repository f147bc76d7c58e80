import {type Clock, systemClock} from './Clock.ts';

/** Resolves after some milliseconds. */
export const sleep = (milliseconds: number, clock: Clock = systemClock): Promise<undefined> =>
  new Promise((resolve) => {
    clock.after(milliseconds, () => resolve(undefined));
  });
